package lanewise.trainer.data;

/** The rows of a stream, whose labels are left out. */
final class UnlabelledRows implements RowReader {
    private final RowStream rows;

    UnlabelledRows(RowStream rows) {
        this.rows = rows;
    }

    @Override
    public int features() {
        return rows.form().features();
    }

    @Override
    public Scaling usualScaling() {
        return rows.usualScaling();
    }

    @Override
    public boolean holdsSparse() {
        return rows.form().sparse();
    }

    @Override
    public Dataset readSparse(int most) {
        return holdsSparse() ? rows.next(most) : RowReader.super.readSparse(most);
    }

    @Override
    public int read(float[] x, int most) {
        int done = 0;
        while (done < most) {
            Dataset block = rows.next(most - done);
            if (block == null) {
                return done;
            }
            block.copyRows(0, block.rows(), x, done * features());
            done += block.rows();
        }
        return done;
    }

    @Override
    public void close() {
        rows.close();
    }
}
