package lanewise.trainer.data;

/** Takes sparse rows, one entry after the other. */
interface SparseSink {
    /** Adds to the row that has begun. */
    void add(int column, float value);

    /** Ends the row, which has this label, and begins the next one. */
    void endRow(int label);
}
