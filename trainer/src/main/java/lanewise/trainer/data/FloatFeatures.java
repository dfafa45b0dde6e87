package lanewise.trainer.data;

import lanewise.trainer.io.NonFinite;

/** Features as floats, row-major and without gaps, scaled already. */
final class FloatFeatures extends Features {
    private final float[] values;

    FloatFeatures(float[] values, int rows, int width, Scaling scaling) {
        super(rows, width, scaling);
        requireLength(values.length);
        this.values = values;
    }

    @Override
    Features subset(int[] chosen) {
        float[] some = new float[length(chosen.length)];
        for (int i = 0; i < chosen.length; i++) {
            copyRows(chosen[i], 1, some, i * width);
        }
        return new FloatFeatures(some, chosen.length, width, scaling);
    }

    @Override
    Features scaled(Scaling wanted) {
        return new FloatFeatures(values.clone(), rows, width, scaling).scaledInPlace(wanted);
    }

    @Override
    Features scaledInPlace(Scaling wanted) {
        requireUnscaled();
        wanted.apply(values, 0, rows, width);
        return new FloatFeatures(values, rows, width, wanted);
    }

    @Override
    void copyRows(int first, int count, float[] to, int at) {
        System.arraycopy(values, first * width, to, at, count * width);
    }

    @Override
    float[] floats() {
        return values;
    }

    @Override
    void requireFinite(int before) {
        int i = NonFinite.first(values, 0, values.length);
        if (i >= 0) {
            throw notFinite(before + i / width, i % width, values[i]);
        }
    }
}
