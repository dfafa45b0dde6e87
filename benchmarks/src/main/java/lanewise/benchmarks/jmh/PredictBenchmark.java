package lanewise.benchmarks.jmh;

import java.util.List;
import lanewise.trainer.model.Model;
import lanewise.trainer.model.Predictor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** How long the answer to one call takes, for a single row and for a hundred. */
public class PredictBenchmark extends KernelBenchmark {
    /** The rows of a call, the features of a row, the units of the hidden layer if there is one, and the classes. */
    @Param({"1x784x10", "100x784x10", "1x784x400x10", "100x784x400x10"})
    public String shape;

    private int rows;
    private float[] x;
    private float[] probabilities;
    private int[] classes;
    private Predictor predictor;

    @Override
    void allocate() {
        Shape sizes = Shape.parse(shape);
        boolean hidden = sizes.sizes().split("x").length == 4;
        int count = sizes.size(hidden ? 3 : 2);
        rows = sizes.size(0);
        Model model = hidden
                ? Model.mlp(sizes.size(1), List.of(sizes.size(2)), count, true, 1)
                : Model.softmaxRegression(sizes.size(1), count, true);
        x = floats(rows * sizes.size(1));
        probabilities = new float[rows * count];
        classes = new int[rows];
        predictor = model.predictor(rows);
    }

    /** Into the arrays of the caller, which allocates nothing. */
    @Benchmark
    public int[] predict() {
        predictor.predict(x, rows, probabilities, classes);
        return classes;
    }
}
