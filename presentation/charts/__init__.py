"""Charts: a tidy frame and words in, a Plotly figure as a plain dict out."""
