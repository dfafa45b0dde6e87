package lanewise.trainer.data;

import java.util.Optional;
import lanewise.kernels.Workers;
import lanewise.trainer.ExitCode;
import lanewise.trainer.LanewiseException;
import lanewise.trainer.io.Heap;

/**
 * The features of a data set in one of the ways to keep them. They take the arrays as they are and change them in
 * {@link #scaledInPlace} alone; what is made of them when it is asked for, the data set keeps.
 */
abstract sealed class Features permits FloatFeatures, ByteFeatures, SparseFeatures, TiledFeatures {
    final int rows;
    final int width;

    /** What has been done to them: to bytes when they are asked for, to others already. */
    final Scaling scaling;

    Features(int rows, int width, Scaling scaling) {
        if (rows < 1 || width < 1) {
            throw new IllegalArgumentException("a data set of " + rows + " rows and " + width + " features");
        }
        this.rows = rows;
        this.width = width;
        this.scaling = scaling;
    }

    /** Makes sure that an array holds all rows and nothing else. */
    final void requireLength(int length) {
        if ((long) rows * width != length) {
            throw new IllegalArgumentException(rows + " rows of " + width + " features are not " + length + " values");
        }
    }

    /** How long an array is that holds so many of the rows as they are. */
    final int length(int count) {
        long length = (long) count * width;
        if (length > Heap.LONGEST_ARRAY) {
            throw new IllegalArgumentException(
                    count + " rows of " + width + " features are more than " + Heap.LONGEST_ARRAY + " values");
        }
        return (int) length;
    }

    /** Makes sure that the features are as they came, where the way back is lost. */
    final void requireUnscaled() {
        if (scaling.kind() != Scaling.Kind.NONE) {
            throw new IllegalArgumentException("the features have been scaled already");
        }
    }

    /** A copy of some of the rows, in the given order. */
    abstract Features subset(int[] chosen);

    /** The same rows under another scaling than theirs, over the same arrays where that is possible. */
    abstract Features scaled(Scaling wanted);

    /** As {@link #scaled}, of arrays that nobody else has: floats take no room for a copy. */
    Features scaledInPlace(Scaling wanted) {
        return scaled(wanted);
    }

    /** Copies some rows as scaled floats, without gaps. */
    abstract void copyRows(int first, int count, float[] to, int at);

    /** All rows as scaled floats: the array itself where they are kept so, else a new one. */
    float[] floats() {
        float[] all = new float[length(rows)];
        copyRows(0, rows, all, 0);
        return all;
    }

    /** The bytes as they are kept, whatever their scaling, where there are such in the order of the data. */
    Optional<byte[]> bytes() {
        return Optional.empty();
    }

    /** The rows as they are kept, where that is sparse. */
    Optional<Csr> sparse() {
        return Optional.empty();
    }

    /** The rows in the layout of the kernels of bytes, copied unless they are so already. */
    PixelRows pixelRows(Optional<ImageShape> image, PixelLayout layout, Workers workers) {
        throw new IllegalStateException("the features are not bytes");
    }

    /**
     * Makes sure that every feature is a number, as a byte always is.
     *
     * @param before how many rows come before these
     */
    void requireFinite(int before) {}

    /** The error that names a value which is not a number. */
    static LanewiseException notFinite(int row, int feature, float value) {
        return new LanewiseException(ExitCode.BAD_DATA, "a value is not finite")
                .at("row " + row + ", feature " + feature)
                .expected("a number", value);
    }
}
