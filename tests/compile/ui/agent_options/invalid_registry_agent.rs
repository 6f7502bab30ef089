use coral_tools::agent_options;

#[agent_options("registry/listing.json")]
struct Listing;

#[agent_options("registry/invalid.json")]
struct Invalid;

fn main() {}
