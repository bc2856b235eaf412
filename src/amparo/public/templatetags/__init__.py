"""Tags of the door's templates."""
