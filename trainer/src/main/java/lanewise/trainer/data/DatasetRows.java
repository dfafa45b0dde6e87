package lanewise.trainer.data;

/** The rows of a data set that is in memory. */
final class DatasetRows implements RowReader {
    private final Dataset raw;
    private final Scaling usual;
    private int next;

    DatasetRows(Dataset data) {
        this.raw = data.scaled(Scaling.NONE);
        this.usual = data.scaling();
    }

    @Override
    public int features() {
        return raw.features();
    }

    @Override
    public Scaling usualScaling() {
        return usual;
    }

    @Override
    public int read(float[] x, int most) {
        int rows = Math.min(most, raw.rows() - next);
        raw.copyRows(next, rows, x, 0);
        next += rows;
        return rows;
    }

    @Override
    public void close() {}
}
