"""Who may open the log's URLs."""

from kernel.access import public

ACCESS = {
    "audit:checkpoint": public().reading().giving("txt"),
    "audit:tile": public().reading().giving("bin"),
    "audit:epoch_checkpoint": public().reading().giving("txt"),
    "audit:epoch_tile": public().reading().giving("bin"),
}
