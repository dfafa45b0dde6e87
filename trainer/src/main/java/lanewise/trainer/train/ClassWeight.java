package lanewise.trainer.train;

/** How often the rows of a class count in the loss, and so in the gradient; the gradient stays a mean over the rows. */
public enum ClassWeight {
    /** Each row once. */
    NONE,
    /** So that all classes count alike: rows / (classes that occur * rows of the class), as in scikit-learn. */
    BALANCED
}
