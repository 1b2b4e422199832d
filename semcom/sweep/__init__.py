"""Running points: by whom, in which order, until when."""
