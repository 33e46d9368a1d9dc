"""What is shipped: trained models, simulated runs, example briefs, pictures."""
