"""What to send next, when, with whom aboard, and how good that is: problem, plan, decoder, check, bound, explain,
solve, replan."""
