"""What `decide` decides, by the stage of the work: intake, review, visibility, time. Never by legal regime."""
