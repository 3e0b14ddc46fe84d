"""What an engine must compute: formats, specs, schedules and exact models. Pure numpy."""
