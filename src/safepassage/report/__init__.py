"""What is handed to people on paper or in a terminal: the situation report, the transcript. It reads views, never a picture."""
