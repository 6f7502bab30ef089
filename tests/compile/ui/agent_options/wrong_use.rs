use coral_tools::agent_options;

#[agent_options("registry/agent.json")]
struct NaturalTone;

fn main() {
    let _ = NaturalTone { max_iteration: 5, ..NaturalTone::default() };
    let _ = NaturalTone { max_iterations: 5_i64, ..NaturalTone::default() };
    let _ = NaturalTone { extra_user_prompt: Some(7), ..NaturalTone::default() };
    let _ = NaturalTone::default().executable();
}
