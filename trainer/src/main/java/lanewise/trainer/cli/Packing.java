package lanewise.trainer.cli;

import java.util.function.ToLongFunction;
import lanewise.trainer.data.BlockReader;
import lanewise.trainer.data.DiskRows;
import lanewise.trainer.data.RawPart;
import lanewise.trainer.data.RawRows;
import lanewise.trainer.data.Scaling;
import lanewise.trainer.io.Heap;
import lanewise.trainer.model.PixelLayer;

/**
 * Packs rows that do not fit the heap into the form in which a run reads them block by block.
 *
 * @param raw what the rows are read by
 * @param bytes what the run takes with what is packed
 */
record Packing(RawRows raw, Arguments arguments, ToLongFunction<TrainingData<?>> bytes) {
    /**
     * Sees that what comes before a run fits the heap, and else tells one figure that is enough for the run too.
     *
     * @param before the bytes of what comes before it, packing apart
     * @throws lanewise.trainer.LanewiseException if it does not fit (71)
     */
    void requireRoom(long before) {
        long most = Math.max(before, raw.all().packingBytes());
        if (!Heap.fits(most, 0)) {
            requireRoom(raw.all(), raw.all(), most);
        }
    }

    private void requireRoom(RawPart learned, RawPart measured, long before) {
        boolean fitted = DataOptions.isFitted(arguments);
        boolean tiles = tiles();
        TrainingMemory.require(
                bytes, new TrainingData<>(learned.packed(fitted, tiles), measured.packed(fitted, tiles)), before);
    }

    /** Whether the model to be learned reads bytes in the order of its kernels. */
    private boolean tiles() {
        return PixelLayer.suits(ModelOptions.architecture(
                arguments, raw.features(), raw.classNames().size()));
    }

    /**
     * Writes both parts, scaled as the training rows ask for, sparse rows as wide as the widest. Whether the run fits the heap
     * with them is looked at before the long work.
     *
     * @throws lanewise.trainer.LanewiseException if it does not fit (71)
     */
    TrainingData<DiskRows> write(RawPart learned, RawPart measured, PackedFiles files) {
        int width = Math.max(learned.features(), measured.features());
        RawPart train = learned.widened(width);
        RawPart test = measured.widened(width);
        requireRoom(train, test, Math.max(train.packingBytes(), test.packingBytes()));
        Scaling.Kind kind = arguments.get(DataOptions.SCALE);
        Scaling scaling = kind == null ? raw.usualScaling() : learned.fit(kind);
        BlockReader reader = new BlockReader();
        boolean tiles = tiles();
        DiskRows packedTest = test.write(files.test(), scaling, tiles, reader);
        try {
            return new TrainingData<>(train.write(files.train(), scaling, tiles, reader), packedTest);
        } catch (Throwable t) {
            packedTest.close();
            throw t;
        }
    }
}
