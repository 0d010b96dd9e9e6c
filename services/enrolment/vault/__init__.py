"""Who learners are: personal data, encrypted with a key for each learner, which an erasure destroys."""
