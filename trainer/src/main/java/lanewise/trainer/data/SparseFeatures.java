package lanewise.trainer.data;

import java.util.Arrays;
import java.util.Optional;
import lanewise.trainer.io.NonFinite;

/** Features of which only those that are not zero are kept, scaled already. */
final class SparseFeatures extends Features {
    private final Csr csr;

    /** Takes rows whose columns lie below the width; behind the last one there are zeros. */
    SparseFeatures(Csr csr, int width, Scaling scaling) {
        super(csr.rows(), width, scaling);
        if (csr.width() > width) {
            throw new IllegalArgumentException(
                    rows + " sparse rows of " + csr.width() + " features are not " + rows + " rows of " + width);
        }
        this.csr = csr;
    }

    /** The same rows with more zeros behind them. */
    SparseFeatures widened(int wider) {
        return new SparseFeatures(csr, wider, scaling);
    }

    @Override
    Features subset(int[] chosen) {
        return new SparseFeatures(csr.subset(chosen), width, scaling);
    }

    @Override
    Features scaled(Scaling wanted) {
        Csr copy = new Csr(csr.rowStart(), csr.columns(), csr.values().clone());
        return new SparseFeatures(copy, width, scaling).scaledInPlace(wanted);
    }

    /** The scaling must leave a zero a zero. */
    @Override
    Features scaledInPlace(Scaling wanted) {
        requireUnscaled();
        if (wanted.isFitted()) {
            throw new IllegalArgumentException("sparse data would not stay sparse");
        }
        wanted.apply(csr.values(), 0, csr.entries(), 1);
        return new SparseFeatures(csr, width, wanted);
    }

    @Override
    void copyRows(int first, int count, float[] to, int at) {
        Arrays.fill(to, at, at + count * width, 0);
        for (int row = 0; row < count; row++) {
            int start = at + row * width;
            for (int i = csr.rowStart()[first + row]; i < csr.rowStart()[first + row + 1]; i++) {
                to[start + csr.columns()[i]] = csr.values()[i];
            }
        }
    }

    @Override
    Optional<Csr> sparse() {
        return Optional.of(csr);
    }

    @Override
    void requireFinite(int before) {
        int i = NonFinite.first(csr.values(), 0, csr.entries());
        if (i < 0) {
            return;
        }
        int row = 0;
        while (csr.rowStart()[row + 1] <= i) {
            row++;
        }
        throw notFinite(before + row, csr.columns()[i], csr.values()[i]);
    }
}
