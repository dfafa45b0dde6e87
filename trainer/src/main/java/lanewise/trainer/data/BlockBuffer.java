package lanewise.trainer.data;

import java.io.IOException;
import java.util.List;
import lanewise.kernels.Pixels;

/** The memory of a block of {@link DiskRows}, which is filled row by row, again and again. */
abstract sealed class BlockBuffer {
    final RowForm form;
    int[] labels;

    private BlockBuffer(RowForm form, int rows) {
        this.form = form;
        this.labels = new int[rows];
    }

    /** Memory for so many rows of a form, and for so many entries if they are sparse. */
    static BlockBuffer of(RowForm form, int rows, int entries) {
        return form.sparse() ? new Sparse(form, rows, entries) : new Whole(form, rows);
    }

    /** Whether it can be filled with so many rows and entries of a form, and from now on will be. */
    abstract boolean takes(RowForm other, int rows, int entries);

    /** Where the entries of a row begin, and those of the last end: to be said of sparse rows before they are read. */
    abstract int[] rowStart();

    /** Reads a row to its place. */
    abstract void read(Piece from, int row) throws IOException;

    /** The rows that it has been filled with. */
    abstract Dataset data(DiskRows rows);

    /** Bytes or floats. */
    private static final class Whole extends BlockBuffer {
        private final byte[] bytes;
        private final float[] floats;
        private final PixelBlock.PatchBlock patches;

        /** How many rows have been read in their order. */
        private int inOrder;

        /** Of rows that are not tiled it is as long as they are, since a data set has no gaps. */
        Whole(RowForm form, int rows) {
            super(form, rows);
            int length = Math.multiplyExact(rows, form.bytes() ? form.rowBytes() : form.features());
            int slack = form.tiled() ? rows % 2 * form.rowBytes() + Pixels.SLACK : 0;
            bytes = new byte[form.bytes() ? length + slack : 0];
            floats = new float[form.bytes() ? 0 : length];
            patches = form.tiled() ? PixelBlock.patchesIfFew(form.order().groups(), rows) : null;
        }

        @Override
        boolean takes(RowForm other, int rows, int entries) {
            if (rows != labels.length || !form.isLaidOutAs(other)) {
                return false;
            }
            if (form.tiled()) {
                inOrder = 0;
                patches.clear();
            }
            return true;
        }

        @Override
        int[] rowStart() {
            return new int[0];
        }

        @Override
        void read(Piece from, int row) throws IOException {
            if (form.bytes()) {
                from.read(bytes, row * form.rowBytes(), form.rowBytes());
            } else {
                from.read(floats, row * form.features(), form.features());
            }
            if (form.tiled() && row == inOrder) {
                inOrder++;
                patches.extendTo(inOrder / 2 * 2, bytes);
            }
        }

        @Override
        Dataset data(DiskRows rows) {
            int count = labels.length;
            int width = form.features();
            List<String> names = rows.classNames();
            Scaling scaling = rows.scaling();
            return switch (form.kind()) {
                case TILES ->
                    Dataset.ofTiles(
                            new TiledFeatures(form.order(), bytes, patches, count, width, scaling), labels, names);
                case BYTES -> Dataset.ofBlock(bytes, count, width, labels, names, scaling);
                default -> Dataset.ofBlock(floats, count, width, labels, names, scaling);
            };
        }
    }

    /** Sparse rows. What there is of each row is new in every block, and small beside the entries. */
    private static final class Sparse extends BlockBuffer {
        private final int[] columns;
        private final float[] values;
        private int[] rowStart;

        Sparse(RowForm form, int rows, int entries) {
            super(form, rows);
            columns = new int[entries];
            values = new float[entries];
            rowStart = new int[rows + 1];
        }

        @Override
        boolean takes(RowForm other, int rows, int entries) {
            if (!form.isLaidOutAs(other) || entries > columns.length) {
                return false;
            }
            labels = new int[rows];
            rowStart = new int[rows + 1];
            return true;
        }

        @Override
        int[] rowStart() {
            return rowStart;
        }

        @Override
        void read(Piece from, int row) throws IOException {
            int at = rowStart[row];
            int length = rowStart[row + 1] - at;
            from.read(columns, at, length);
            from.read(values, at, length);
        }

        @Override
        Dataset data(DiskRows rows) {
            Csr csr = new Csr(rowStart, columns, values);
            return Dataset.ofBlock(csr, form.features(), labels, rows.classNames(), rows.scaling());
        }
    }
}
