package lanewise.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import lanewise.trainer.data.Dataset;
import lanewise.trainer.model.Architecture;
import lanewise.trainer.model.Dense;
import lanewise.trainer.model.Model;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random networks against central differences: all of 500 with {@code -Dlanewise.full=true}, every 12th otherwise. */
@Tag("sweep")
class GradientCheckTest {
    private static final int NETWORKS = 500;
    private static final int STRIDE = Boolean.getBoolean("lanewise.full") ? 1 : 12;

    @Test
    void theGradientOfRandomNetworksIsThatOfTheLoss() {
        IntStream.range(0, NETWORKS / STRIDE).parallel().forEach(i -> theGradientIsThatOfTheLoss(i * STRIDE));
    }

    private static void theGradientIsThatOfTheLoss(int seed) {
        Random random = new Random(seed);
        Architecture sizes = architecture(random);
        Dataset batch = batch(sizes, 1 + random.nextInt(70), random);
        GradientCheck check = GradientCheck.of(randomModel(sizes, random), batch);
        String name = "network %d, %s, %d rows".formatted(seed, sizes, batch.rows());
        assertThat(check.passes()).as("%s: %s", name, check).isTrue();
        assertThat(check.worstNorm()).as(name).isLessThan(1e-5);
        assertThat(check.rowsLeftOut()).as(name).isLessThan(1 + batch.rows() / 4);
    }

    @Test
    void aModelThatIsNotFiniteDoesNotPass() {
        Random random = new Random(1);
        Architecture sizes = new Architecture(4, List.of(5), 3, true);
        Model model = randomModel(sizes, random);
        Dataset batch = batch(sizes, 8, random);
        assertThat(GradientCheck.of(model, batch).passes()).isTrue();
        model.layers().get(0).bias()[2] = Float.NaN;
        assertThat(GradientCheck.of(model, batch).passes()).isFalse();
        assertThat(new GradientCheck(8, 0, 1.1, 1e-6).passes()).isFalse();
    }

    @Test
    void rowsAtTheKinkAreLeftOut() {
        Model model = Model.mlp(3, List.of(4), 2, true, 1);
        float[] zeroAndOne = {0, 0, 0, 1, 1, 1};
        GradientCheck check = GradientCheck.of(model, Dataset.of(zeroAndOne, 2, 3, new int[] {0, 1}, 2));
        assertThat(check.rows()).isEqualTo(1);
        assertThat(check.rowsLeftOut()).isEqualTo(1);
        Dataset zero = Dataset.of(new float[3], 1, 3, new int[] {0}, 2);
        assertThatThrownBy(() -> GradientCheck.of(model, zero)).isInstanceOf(IllegalArgumentException.class);
        Model withoutBias = Model.mlp(3, List.of(4), 2, false, 1);
        assertThat(GradientCheck.of(withoutBias, zero).passes()).isTrue();
    }

    /** 1 to 40 features, none to two hidden layers of 1 to 33 units, 2 to 12 classes: narrow, wide and dot-shaped. */
    private static Architecture architecture(Random random) {
        List<Integer> hidden = new ArrayList<>();
        for (int layer = random.nextInt(3); layer > 0; layer--) {
            hidden.add(1 + random.nextInt(33));
        }
        return new Architecture(1 + random.nextInt(40), hidden, 2 + random.nextInt(11), random.nextBoolean());
    }

    private static Model randomModel(Architecture sizes, Random random) {
        Model model = Model.zeros(sizes);
        for (Dense layer : model.layers()) {
            layer.setByOutput(normal(layer.outputs() * layer.inputs(), Math.sqrt(2.0 / layer.inputs()), random));
            System.arraycopy(normal(layer.bias().length, .5, random), 0, layer.bias(), 0, layer.bias().length);
        }
        return model;
    }

    private static Dataset batch(Architecture sizes, int rows, Random random) {
        int[] labels = random.ints(rows, 0, sizes.classes()).toArray();
        return Dataset.of(normal(rows * sizes.features(), 1, random), rows, sizes.features(), labels, sizes.classes());
    }

    private static float[] normal(int n, double deviation, Random random) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }
}
