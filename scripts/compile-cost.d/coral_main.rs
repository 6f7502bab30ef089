
#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {{
    let tools: Toolset = toolset![{tools}];
    let app = Router::new().nest("/coral", tools.webhooks(Secret::new("secret")));
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:0").await?, app).await
}}
