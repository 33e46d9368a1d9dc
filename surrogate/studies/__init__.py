"""Studies: experiments about our own tools, resumable, with their results committed."""
