package lanewise.benchmarks.ladder;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import lanewise.benchmarks.Failure;
import lanewise.benchmarks.race.Work;

/** The ladders: which steps there are, and what they are measured on. */
enum Ladder {
    /** One product, small enough for the slowest step and large enough that a core's caches matter. */
    MATMUL(
            List.of(Work.parse("sgemm NN:512x512x512 1")),
            Work.parse("sgemm NN:24x24x64 1"),
            new ThreeLoops(),
            new RowOrder(),
            new RowVectors(),
            new FourRows(),
            new Tile(),
            new PackedB(),
            new TallTile(),
            new LanewiseSgemm()),

    /** As many classes as ImageNet has, from a core's own cache and from memory, and as few as MNIST has. */
    SOFTMAX(
            List.of(
                    Work.parse("softmax 100x1000 1"),
                    Work.parse("softmax 4096x1000 1"),
                    Work.parse("softmax 60000x10 1")),
            Work.parse("softmax 64x100 1"),
            new DoubleExp(),
            new FloatExp(),
            new VectorExp(),
            new FourChains(),
            new ClassMajor(),
            new LanewiseSoftmax());

    private final List<Work> works;
    private final Work small;
    private final List<Step> steps;

    Ladder(List<Work> works, Work small, Step... steps) {
        this.works = works;
        this.small = small;
        this.steps = List.of(steps);
    }

    /** What each step is measured on. */
    List<Work> works() {
        return works;
    }

    /** Work that is done so often in an instant that the JIT compiles a step as a whole, not from the middle of a loop. */
    Work small() {
        return small;
    }

    /** From the definition to the library. */
    List<Step> steps() {
        return steps;
    }

    /** The step of a name. */
    Step step(String name) {
        return steps.stream()
                .filter(step -> step.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The page that leads through it. */
    Page page() {
        return new Page(this);
    }

    /** The ladder of a name, as {@link #toString} writes it. */
    static Ladder named(String name) {
        return Arrays.stream(values())
                .filter(ladder -> ladder.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        Failure.USAGE,
                        "no such ladder: " + name + " (expected "
                                + Arrays.stream(values()).map(Ladder::toString).collect(Collectors.joining(" or "))
                                + ")"));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
