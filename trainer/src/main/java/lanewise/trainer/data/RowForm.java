package lanewise.trainer.data;

import java.util.List;
import java.util.Optional;
import lanewise.kernels.Pixels;

/**
 * How the features of a row lie one behind the other, in a stream, in a packed file and in the blocks of it.
 *
 * @param features how many features it has
 * @param image its shape, if it is an image
 * @param kind what a feature is
 * @param firstIndex as {@link Rows#firstIndex}
 * @param names as {@link Rows#featureNames}; nothing at all where the rows are sparse
 */
record RowForm(int features, Optional<ImageShape> image, Kind kind, int firstIndex, List<String> names) {
    /** What a feature is. */
    enum Kind {
        /** Unsigned bytes in the order of the data. */
        BYTES,
        /** Unsigned bytes in the order of the kernels, padded. */
        TILES,
        /** Floats. */
        FLOATS,
        /** Sparse rows, of which only the entries are there. */
        SPARSE;

        String text() {
            return this == FLOATS ? "f32" : this == SPARSE ? "csr" : "u8";
        }

        static Kind of(String text, boolean tiled) {
            return switch (text) {
                case "f32" -> FLOATS;
                case "csr" -> SPARSE;
                default -> tiled ? TILES : BYTES;
            };
        }
    }

    /** That of rows in memory; only those that are bytes are images. */
    static RowForm of(Dataset rows) {
        if (rows.holdsSparse()) {
            return ofSparse(rows.features(), rows.firstIndex());
        }
        return rows.holdsPixels()
                ? ofBytes(rows.features(), rows.image())
                : ofFloats(rows.features(), rows.featureNames());
    }

    static RowForm ofBytes(int features, Optional<ImageShape> image) {
        return new RowForm(features, image, Kind.BYTES, -1, List.of());
    }

    static RowForm ofTiles(int features, Optional<ImageShape> image) {
        return new RowForm(features, image, Kind.TILES, -1, List.of());
    }

    static RowForm ofFloats(int features, List<String> names) {
        return new RowForm(features, Optional.empty(), Kind.FLOATS, -1, names);
    }

    static RowForm ofSparse(int features, int firstIndex) {
        return new RowForm(features, Optional.empty(), Kind.SPARSE, firstIndex, List.of());
    }

    /** Whether rows of another form take the same memory. */
    boolean isLaidOutAs(RowForm other) {
        return features == other.features && kind == other.kind && image.equals(other.image);
    }

    /** Whether a feature is an unsigned byte. */
    boolean bytes() {
        return kind == Kind.BYTES || kind == Kind.TILES;
    }

    boolean tiled() {
        return kind == Kind.TILES;
    }

    boolean sparse() {
        return kind == Kind.SPARSE;
    }

    /** How many bytes the features of a row take; of a sparse one the number of its entries, without these. */
    int rowBytes() {
        return switch (kind) {
            case BYTES -> features;
            case TILES -> order().groups() * Pixels.GROUP;
            case FLOATS -> Math.multiplyExact(features, Float.BYTES);
            case SPARSE -> Integer.BYTES;
        };
    }

    /** What the features of a row take in a block of memory: beside tiles there is room for patches, if they are few. */
    int blockRowBytes() {
        return rowBytes() + (tiled() ? PixelBlock.patchBytesIfFew(rowBytes()) : 0);
    }

    PixelOrder order() {
        return new PixelOrder(features, image);
    }

    /** The shape of so many rows in IDX form. */
    int[] shape(int rows) {
        return image.map(i -> new int[] {rows, i.height(), i.width()}).orElse(new int[] {rows, features});
    }
}
