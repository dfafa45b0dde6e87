package lanewise.trainer.data;

import java.util.Arrays;
import java.util.Optional;
import lanewise.kernels.Pixels;
import lanewise.kernels.Workers;
import lanewise.trainer.io.Heap;

/**
 * All rows of a set of pixels in the layout of the kernels, in blocks that each have the faster one; and the products of a
 * linear classifier of few classes with them. The bits do not depend on the layout.
 *
 * <p><b>Shapes.</b> Weights, logits and gradients stand as {@link Pixels} has them; {@link #position} says which pixel of a
 * row a feature is.
 */
public final class PixelRows {
    private static final int BLOCK = Shuffle.CHUNK;

    private final PixelOrder order;
    private final float scale;
    private final PixelBlock[] blocks;

    private PixelRows(PixelOrder order, float scale, PixelBlock[] blocks) {
        this.order = order;
        this.scale = scale;
        this.blocks = blocks;
    }

    /** Copies rows of pixels into blocks, which the workers share. */
    static PixelRows of(
            byte[] pixels,
            int rows,
            int features,
            Optional<ImageShape> image,
            float scale,
            PixelLayout layout,
            Workers workers) {
        PixelOrder order = new PixelOrder(features, image);
        PixelBlock[] blocks = new PixelBlock[(rows - 1) / BLOCK + 1];
        int ld = order.groups() * Pixels.GROUP;
        workers.run((part, parts) -> {
            byte[] dense = null;
            for (int b = Workers.start(blocks.length, part, parts);
                    b < Workers.start(blocks.length, part + 1, parts);
                    b++) {
                int first = b * BLOCK;
                int count = Math.min(BLOCK, rows - first);
                int length = denseLength(count, ld);
                if (dense == null || dense.length != length || blocks[b - 1].layout() == PixelLayout.DENSE) {
                    dense = new byte[length];
                }
                for (int i = 0; i < count; i++) {
                    order.copy(pixels, (first + i) * features, dense, i * ld);
                }
                blocks[b] = PixelBlock.of(count, order.groups(), dense, layout);
            }
        });
        return new PixelRows(order, scale, blocks);
    }

    /** What rows of so many bytes take as they stand in {@link PixelBlock#of}. */
    static int denseLength(int rows, int ld) {
        // The product is a multiple of 64, so that the slack has room wherever the rows have.
        return Heap.batch(rows + rows % 2, ld, "pixels") + Pixels.SLACK;
    }

    /** Rows that are in a layout already, at most a block of them, or none to have their form alone. */
    static PixelRows of(PixelOrder order, float scale, PixelBlock... blocks) {
        return new PixelRows(order, scale, blocks);
    }

    /**
     * The groups of a row of so many features.
     *
     * @param features how many features
     * @return an even number
     */
    public static int groups(int features) {
        return new PixelOrder(features, Optional.empty()).groups();
    }

    /**
     * What a row takes in the layout that takes most: its pixels and, of patches, the number of each group of two rows and
     * where they start.
     *
     * @param features how many features it has
     * @return bytes
     */
    public static long rowBytes(int features) {
        return groups(features) * (Pixels.GROUP + Character.BYTES / 2L) + Integer.BYTES / 2;
    }

    /**
     * The groups of a row.
     *
     * @return an even number
     */
    public int groups() {
        return order.groups();
    }

    /**
     * Where a feature stands in a row.
     *
     * @param feature which feature
     * @return the pixel
     */
    public int position(int feature) {
        return order.position(feature);
    }

    /**
     * What a pixel is multiplied by to become a feature.
     *
     * @return 1 or 1/255
     */
    public float scale() {
        return scale;
    }

    /**
     * The layout of the rows, in words.
     *
     * @return such as {@code patches}, or {@code dense and patches} where the blocks differ; where there are none yet
     *     {@code dense or patches}
     */
    public String layout() {
        if (blocks.length == 0) {
            return "dense or patches";
        }
        boolean dense = Arrays.stream(blocks).anyMatch(block -> block.layout() == PixelLayout.DENSE);
        boolean patches = Arrays.stream(blocks).anyMatch(block -> block.layout() == PixelLayout.PATCHES);
        return dense && patches ? "dense and patches" : patches ? "patches" : "dense";
    }

    /**
     * Computes the logits of some rows, class by class, without a bias.
     *
     * @param first the first row
     * @param rows how many rows
     * @param classes how many classes
     * @param w the weights
     * @param wAt index of the first weight
     * @param z the logits
     * @param zAt index of that of the first row and class 0
     * @param ldz floats from one class to the next
     */
    public void logits(int first, int rows, int classes, float[] w, int wAt, float[] z, int zAt, int ldz) {
        for (int done = 0, count; done < rows; done += count) {
            int row = first + done;
            count = Math.min(rows - done, BLOCK - row % BLOCK);
            blocks[row / BLOCK].logits(
                    row % BLOCK, count, order.usedGroups(), classes, w, wAt, scale, z, zAt + done, ldz);
        }
    }

    /**
     * Adds to the gradient of the weights of some groups, in units of {@link #scale}.
     *
     * @param first the first row
     * @param rows how many rows
     * @param fromGroup the first group, even
     * @param toGroup the group behind the last, even
     * @param classes how many classes
     * @param g the gradient of the logits, with the rows that {@link Pixels#accumulateGradient} asks for
     * @param gAt index of that of the first row and class 0
     * @param ldg floats from one class to the next
     * @param dw the gradient of the weights
     * @param dwAt index of its first element
     */
    public void accumulateGradient(
            int first,
            int rows,
            int fromGroup,
            int toGroup,
            int classes,
            float[] g,
            int gAt,
            int ldg,
            float[] dw,
            int dwAt) {
        for (int done = 0, count; done < rows; done += count) {
            int row = first + done;
            count = Math.min(rows - done, BLOCK - row % BLOCK);
            blocks[row / BLOCK].accumulateGradient(
                    row % BLOCK, count, fromGroup, toGroup, classes, g, gAt + done, ldg, dw, dwAt);
        }
    }

    /** Copies rows in any order to where they stand one after the other. */
    public final class Gathered {
        private final byte[] dense;
        private final PixelBlock.PatchBlock patches;
        private final PixelBlock whole;
        private boolean isPatches;

        /**
         * Sets the memory aside.
         *
         * @param capacity how many rows at most
         * @throws IllegalArgumentException if they take more than an array can have
         */
        public Gathered(int capacity) {
            int ld = order.groups() * Pixels.GROUP;
            dense = new byte[denseLength(capacity, ld)];
            whole = PixelBlock.of(capacity, order.groups(), dense, PixelLayout.DENSE);
            patches = PixelBlock.reusable(order.groups(), capacity);
        }

        /**
         * Takes rows in.
         *
         * @param rows their numbers
         * @param from index of the first of them
         * @param count how many
         */
        public void set(int[] rows, int from, int count) {
            int ld = order.groups() * Pixels.GROUP;
            for (int i = 0; i < count; i++) {
                blocks[rows[from + i] / BLOCK].copyRow(rows[from + i] % BLOCK, dense, i * ld);
            }
            isPatches = blocks[rows[from] / BLOCK].layout() == PixelLayout.PATCHES;
            if (isPatches) {
                Arrays.fill(dense, count * ld, (count + count % 2) * ld, (byte) 0);
                patches.set(count, dense);
            }
        }

        /**
         * As {@link PixelRows#logits}, of the first rows taken in.
         *
         * @param rows how many rows
         * @param classes how many classes
         * @param w the weights
         * @param wAt index of the first weight
         * @param z the logits
         * @param zAt index of that of the first row and class 0
         * @param ldz floats from one class to the next
         */
        public void logits(int rows, int classes, float[] w, int wAt, float[] z, int zAt, int ldz) {
            block().logits(0, rows, order.usedGroups(), classes, w, wAt, scale, z, zAt, ldz);
        }

        /**
         * As {@link PixelRows#accumulateGradient}, of the first rows taken in.
         *
         * @param rows how many rows
         * @param fromGroup the first group, even
         * @param toGroup the group behind the last, even
         * @param classes how many classes
         * @param g the gradient of the logits
         * @param gAt index of that of the first row
         * @param ldg floats from one class to the next
         * @param dw the gradient of the weights
         * @param dwAt index of its first element
         */
        public void accumulateGradient(
                int rows, int fromGroup, int toGroup, int classes, float[] g, int gAt, int ldg, float[] dw, int dwAt) {
            block().accumulateGradient(0, rows, fromGroup, toGroup, classes, g, gAt, ldg, dw, dwAt);
        }

        private PixelBlock block() {
            return isPatches ? patches : whole;
        }
    }
}
