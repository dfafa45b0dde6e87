package lanewise.benchmarks.jmh;

import java.util.List;
import lanewise.trainer.model.Model;
import lanewise.trainer.model.Predictor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** How long the answer to one call takes, for a single row and for a hundred. */
public class PredictBenchmark extends KernelBenchmark {
    /** The features of a row, the units of the hidden layer if there is one, and the classes. */
    @Param({"784x10", "784x400x10"})
    public String layers;

    /** How many rows are asked about at a time. */
    @Param({"1", "100"})
    public int rows;

    private float[] x;
    private float[] probabilities;
    private int[] classes;
    private Model model;
    private Predictor predictor;

    @Override
    void allocate() {
        Shape sizes = Shape.parse(layers);
        boolean hidden = sizes.sizes().split("x").length == 3;
        int count = sizes.size(hidden ? 2 : 1);
        model = hidden
                ? Model.mlp(sizes.size(0), List.of(sizes.size(1)), count, true, 1)
                : Model.softmaxRegression(sizes.size(0), count, true);
        x = floats(rows * sizes.size(0));
        probabilities = new float[rows * count];
        classes = new int[rows];
        predictor = model.predictor(rows);
    }

    /** Into the arrays of the caller. */
    @Benchmark
    public int[] predictInto() {
        predictor.predict(x, rows, probabilities, classes);
        return classes;
    }

    /** Into new arrays. */
    @Benchmark
    public int[] predict() {
        return model.predict(x, rows).classes();
    }
}
