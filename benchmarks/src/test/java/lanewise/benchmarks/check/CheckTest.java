package lanewise.benchmarks.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lanewise.benchmarks.Checkout;
import lanewise.benchmarks.Child;
import lanewise.benchmarks.Failure;
import lanewise.benchmarks.race.Contender;
import lanewise.benchmarks.race.Measurement;
import lanewise.benchmarks.race.Ours;
import lanewise.benchmarks.race.Work;
import lanewise.trainer.LanewiseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.util.DefaultLocale;
import picocli.CommandLine;

@DefaultLocale("und") // The root, as Main sets it.
class CheckTest {
    private static final double[] STEADY = {0.99, 1.00, 1.00, 1.01, 1.02};

    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

    @TempDir
    Path folder;

    @Test
    void unchangedCodeIsWell() {
        assertThat(Verdict.of(1, STEADY, 0)).isEqualTo(Verdict.WELL);
    }

    @Test
    void aLossOfFifteenPercentIsSlower() {
        assertThat(Verdict.of(1, scaled(1 / 1.15), 0)).isEqualTo(Verdict.SLOWER);
    }

    @Test
    void aLossOfFivePercentIsNot() {
        assertThat(Verdict.of(1, scaled(0.955), 0)).isEqualTo(Verdict.WELL);
    }

    @Test
    void oneFastJvmOfFiveIsDoubt() {
        assertThat(Verdict.of(1, new double[] {0.8, 0.8, 0.8, 0.8, 1}, 0)).isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void aLossThatOneJvmDoesNotShareIsDoubtHoweverCloseTheyAre() {
        assertThat(Verdict.of(1, new double[] {0.88, 0.89, 0.90, 0.91, 0.96}, 0))
                .isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void aLossCountsWhenBothAttemptsSeeIt() {
        assertThat(Verdict.SLOWER.confirmedBy(Verdict.SLOWER)).isEqualTo(Verdict.SLOWER);
        assertThat(Verdict.SLOWER.confirmedBy(Verdict.WELL)).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(Verdict.SLOWER.confirmedBy(Verdict.INCONCLUSIVE)).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(Verdict.INCONCLUSIVE.confirmedBy(Verdict.SLOWER)).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(Verdict.INCONCLUSIVE.confirmedBy(Verdict.WELL)).isEqualTo(Verdict.WELL);
    }

    @Test
    void aDisturbedMachineIsDoubt() {
        assertThat(Verdict.of(1, scaled(0.7), 0.6)).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(Verdict.of(1, scaled(1), 0.6)).isEqualTo(Verdict.WELL);
    }

    /** Too little to count, and too much to pass where the JVMs do not agree. */
    @Test
    void aSmallLossIsDoubtWhereTheJvmsDifferOrTheMachineIsDisturbed() {
        double[] close = {0.92, 0.93, 0.93, 0.93, 0.94};
        assertThat(Verdict.of(1, close, 0)).isEqualTo(Verdict.WELL);
        assertThat(Verdict.of(1, close, 0.6)).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(Verdict.of(1, new double[] {0.80, 0.93, 0.93, 0.93, 0.945}, 0))
                .isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void aSampleOutlivesItsLine() {
        Sample sample = new Sample(Work.parse("exp 4096 1"), "simd", 1.5, 0.25, 8);
        assertThat(Sample.parse(sample.toString())).isEqualTo(sample);
    }

    @Test
    void aPieceOfWorkIsAsDisturbedAsTheMiddleJvm() {
        Work work = Work.parse("exp 4096 1");
        Samples samples = Samples.of(Stream.of(0.9, 0.1, 0.6)
                .map(disturbed -> new Sample(work, "simd", 1, disturbed, 0))
                .toList());
        assertThat(samples.disturbed(work)).isEqualTo(0.6);
    }

    @Test
    void codeThatIsSlowInSomeJvmsIsHeldAgainstThose() {
        Baseline baseline =
                Baseline.of("test", Map.of("exp 64 1", new double[] {0.7, 0.71, 1, 1, 1}, "exp 4096 1", STEADY));
        assertThat(baseline.reference(Work.parse("exp 64 1"))).isCloseTo(1.03 * 0.71, within(1e-12));
        assertThat(baseline.reference(Work.parse("exp 4096 1"))).isEqualTo(1);
    }

    @Test
    void oneSlowJvmDoesNotLowerTheBar() {
        Baseline baseline = Baseline.of("test", Map.of("exp 64 1", new double[] {0.7, 1, 1, 1, 1}));
        assertThat(baseline.reference(Work.parse("exp 64 1"))).isEqualTo(1);
    }

    @Test
    void aBaselineOutlivesItsFile() throws Exception {
        Baseline baseline = Baseline.of("a new kernel", Map.of("exp 64 1", STEADY));
        Path file = folder.resolve("baselines/machine.json");
        baseline.write(file);
        Baseline read = Baseline.read(file);
        assertThat(read.reason()).isEqualTo("a new kernel");
        assertThat(read.works().get("exp 64 1")).containsExactly(STEADY);
        Files.writeString(file, "{\"cpu\":");
        assertThatThrownBy(() -> Baseline.read(file))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("no baseline");
    }

    @Test
    void everyKernelIsInTheSuite() {
        assertThat(Suite.FLOORED.stream().map(entry -> entry.work().kernel()).collect(Collectors.toSet()))
                .containsAll(Ours.methods()
                        .map(Ours::kernel)
                        .filter(kernel -> !kernel.startsWith("epoch"))
                        .toList());
    }

    @Test
    void whatTwoThreadsAllocateIsWatchedAndNotHowFastTheyAre() {
        assertThat(Suite.TIMED).allMatch(entry -> entry.work().threads() == 1);
        List<Suite.Entry> onTwo = Suite.WATCHED.stream()
                .filter(entry -> entry.work().threads() == 2)
                .toList();
        assertThat(onTwo).allMatch(entry -> entry.floor() == 0);
        assertThat(onTwo.stream().map(entry -> entry.work().kernel())).containsExactly("sgemm", "train-step");
        for (Suite.Entry entry : onTwo) {
            try (Ours ours = Ours.prepare(entry.work())) {
                ours.run();
            }
        }
    }

    @Test
    void anOptionAsksForNothingElse() {
        Check.Arguments quick = CommandLine.populateCommand(new Check.Arguments(), "--quick");
        assertThat(List.of(quick.quick, quick.strict)).containsExactly(true, false);
        Check.Arguments strict = CommandLine.populateCommand(new Check.Arguments(), "--strict");
        assertThat(List.of(strict.quick, strict.strict)).containsExactly(false, true);
    }

    @Test
    void aReasonIsAllItsWords() {
        Check.Reason reason = CommandLine.populateCommand(new Check.Reason(), "--reason", "a", "wider", "tile");
        assertThat(reason.text()).isEqualTo("a wider tile");
    }

    @Test
    void fusedProductsAreInTheSuiteDenseAndMostlyZeros() {
        assertThat(Suite.FLOORED.stream()
                        .map(Suite.Entry::work)
                        .filter(work -> work.kernel().startsWith("fused-sgemm"))
                        .map(work -> work.kernel() + " " + work.shape().size(3)))
                .containsExactlyInAnyOrder(
                        "fused-sgemm-bias-relu 0",
                        "fused-sgemm-bias-relu 90",
                        "fused-sgemm-sgd-step 0",
                        "fused-sgemm-sgd-step 90");
    }

    @Test
    void aKernelThatTheBaselineDoesNotKnowIsNamedAndNotJudged() {
        String known = "exp 4096 1";
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        String doubt = new Check(new PrintStream(said), Child::new)
                .judge(all(1), () -> all(1), Baseline.of("before there were more", Map.of(known, STEADY)));
        for (Suite.Entry entry : Suite.TIMED) {
            String work = entry.work().toString();
            String verdict = work.equals(known) ? "well" : "not in the baseline";
            assertThat(said.toString().lines().filter(line -> line.startsWith(work)))
                    .singleElement()
                    .asString()
                    .endsWith(verdict);
            assertThat(doubt.contains(work + " is not in the baseline")).isEqualTo(!work.equals(known));
        }
    }

    @Test
    void whatTheCommittedBaselineDoesNotKnowIsRecordedAndThenJudged() {
        String known = "exp 4096 1";
        String other = "softmax 1000x10 1";
        Path committed = folder.resolve("committed.json");
        Path recorded = folder.resolve("recorded.json");
        Baseline.of("committed", Map.of(known, STEADY)).write(committed);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Check check = new Check(new PrintStream(said), Child::new);
        assertThat(check.layerB(all(1), () -> all(1), committed, recorded))
                .contains(other + " is not in the baseline")
                .doesNotContain(known);
        assertThat(said.toString()).contains(other).contains(": recorded in " + recorded);
        assertThat(Baseline.read(recorded).works())
                .hasSize(Suite.TIMED.size() - 1)
                .doesNotContainKey(known);
        assertThat(check.layerB(all(1), () -> all(1), committed, recorded)).isEmpty();

        Baseline both = Baseline.find(committed, recorded);
        assertThat(both.reason()).startsWith("committed; of ").contains(other).doesNotContain(known);
        assertThatThrownBy(() -> check.judge(all(0.8), () -> all(0.8), both))
                .isInstanceOf(Failure.class)
                .hasMessageContaining(known + " -20 %")
                .hasMessageContaining(other + " -20 %");
    }

    @Test
    void whatWasRecordedStays() {
        Path recorded = folder.resolve("recorded.json");
        Path none = folder.resolve("none.json");
        Check check = new Check(NOWHERE, Child::new);
        Baseline.record(recorded, Map.of("exp 4096 1", STEADY));
        check.layerB(all(1), () -> all(1), none, recorded);
        assertThat(Baseline.find(none, recorded).works().get("exp 4096 1")).containsExactly(STEADY);
        assertThat(Baseline.find(none, recorded).works()).hasSize(Suite.TIMED.size());
    }

    @Test
    void aBaselineThatCannotBeReadOrWrittenIsAFailureBeforeAnythingIsMeasured() throws Exception {
        Path known = folder.resolve("known.json");
        Path none = folder.resolve("none.json");
        Path broken = Files.writeString(folder.resolve("broken.json"), "{\"cpu\":");
        Path inTheWay = Files.createDirectory(folder.resolve("folder.json"));
        baselineOfAll().write(known);
        Check.requireBaselines(none, folder.resolve("new/recorded.json"));
        Check.requireBaselines(known, none);
        assertThat(none).doesNotExist();
        assertThatThrownBy(() -> Check.requireBaselines(none, broken))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("broken.json is no baseline");
        assertThatThrownBy(() -> Check.requireBaselines(none, none.resolveSibling("broken.json/recorded.json")))
                .isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> Baseline.checkWritable(inTheWay))
                .isInstanceOf(LanewiseException.class)
                .hasMessageContaining("a folder, not a file");
    }

    @Test
    void nothingIsRecordedBesideARegression() {
        Path committed = folder.resolve("committed.json");
        Path recorded = folder.resolve("recorded.json");
        Baseline.of("committed", Map.of("exp 4096 1", scaled(2))).write(committed);
        Check check = new Check(NOWHERE, Child::new);
        assertThatThrownBy(() -> check.layerB(all(1), () -> all(1), committed, recorded))
                .hasMessageStartingWith("regression: exp 4096 1");
        assertThat(recorded).doesNotExist();
    }

    @Test
    void aLossThatTheSecondAttemptDoesNotSeeIsDoubt() {
        Check check = new Check(NOWHERE, Child::new);
        assertThat(check.judge(all(0.8), () -> all(1), baselineOfAll())).contains("exp 4096 1 is inconclusive");
        assertThat(check.slower()).isEmpty();
    }

    @Test
    void aLossThatTheSecondAttemptSeesTooIsARegression() {
        Check check = new Check(NOWHERE, Child::new);
        assertThatThrownBy(() -> check.judge(all(0.8), () -> all(0.8), baselineOfAll()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("exp 4096 1 -20 %");
        assertThat(check.slower()).contains(Work.parse("exp 4096 1")).hasSize(Suite.TIMED.size());
    }

    @Test
    void everySlowedKernelIsCountedByItself() {
        assertThat(ProveCheck.tally(
                        Stream.of("exp 4096 1", "softmax 1000x10 1", "exp 4096 1", "train-step 100x784x10 1")
                                .map(Work::parse)
                                .toList()))
                .contains(
                        "caught 2 of 5 times: exp 4096 1",
                        "caught 1 of 5 times: softmax 1000x10 1",
                        "caught 0 of 5 times: softmax 100x1000 1")
                .hasSize(8);
    }

    @Test
    void aSlowedRunThatCrashesHasCaughtNothing() {
        ProveCheck proof = new ProveCheck(NOWHERE);
        proof.expect("crash", () -> new Child().flags(List.of("-XX:+NoSuchFlag")), true);
        assertThatThrownBy(proof::verdict)
                .isInstanceOf(Failure.class)
                .hasMessage("not as it should be: crash; 0 of 20 unchanged runs were inconclusive");
    }

    @Test
    void aSlowedRunIsCaughtByASlowedKernelAlone() {
        ProveCheck proof = new ProveCheck(NOWHERE);
        Check check = new Check(NOWHERE, Child::new);
        Baseline untouched = Baseline.of("test", Map.of("train-step 100x784x10 1", STEADY));
        proof.judge("by another", true, check, () -> check.judge(all(0.8), () -> all(0.8), untouched));
        proof.judge("by one of them", true, check, () -> check.judge(all(0.8), () -> all(0.8), baselineOfAll()));
        assertThatThrownBy(proof::verdict).hasMessageStartingWith("not as it should be: by another; 0 of 20");
    }

    @Test
    void anUnchangedRunThatSaysNothingIsCounted() {
        ProveCheck proof = new ProveCheck(NOWHERE);
        proof.judge("unchanged", false, new Check(NOWHERE, Child::new), () -> "exp 4096 1 is inconclusive");
        assertThat(proof.verdict()).endsWith("1 of 20 unchanged runs were inconclusive");
    }

    @Test
    void aRevisionWithoutAnyOfTheKernelsIsNotCompared() {
        assertThatThrownBy(() -> Compare.print(NOWHERE, "v0", List.of()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("v0 has none of the kernels");
    }

    /** Whoever comes first is three times as fast: 4 and 36 microseconds are 12, however the JVMs of an order differ. */
    @Test
    void aRevisionIsComparedWithThisBuildInBothOrders() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Work work = Work.parse("exp 4096 1");
        Compare.print(
                new PrintStream(said, true),
                "v0",
                List.of(
                        List.of(
                                new Measurement(work, 4e-6, 27e-6, 6, 0),
                                new Measurement(work, 4e-6, 27e-6, 5, 0),
                                new Measurement(work, 2e-6, 99e-6, 7, 0)),
                        List.of(
                                new Measurement(work, 36e-6, 3e-6, 0.7, 0),
                                new Measurement(work, 36e-6, 3e-6, 0.667, 0),
                                new Measurement(work, 99e-6, 3e-6, 0.5, 0))));
        assertThat(said.toString().lines().skip(2).map(line -> line.replaceAll(" +", " ")))
                .containsExactly("exp 4096 1 12.00 us 9.00 us 2.000x 0.500- 7.000");
    }

    @Test
    void everyKernelThatIsComparedTellsWhatItMade() throws Throwable {
        for (Suite.Entry entry : Suite.TIMED) {
            Contender ours = (Contender) Ours.runnable(entry.work().toString());
            float[] made = ours.result();
            ours.close();
            assertThat(made).as(entry.toString()).isNotEmpty().isNotEqualTo(new float[made.length]);
        }
    }

    @Test
    void eachRevisionComesFirstInHalfOfTheJvms() {
        List<String> asked = new ArrayList<>();
        Collection<List<Measurement>> orders = Compare.race("their.jar", arguments -> {
            assertThat(arguments).hasSize(3).startsWith("their.jar");
            asked.add(arguments.get(1));
            return List.of("exp 4096 1\t1\t2\t" + (arguments.get(1).equals("true") ? 3 : 2) + "\t0");
        });
        assertThat(asked).containsExactly("false", "true", "false", "true", "false", "true");
        assertThat(orders)
                .extracting(order -> order.stream()
                        .mapToDouble(Measurement::relative)
                        .boxed()
                        .toList())
                .containsExactly(List.of(2.0, 2.0, 2.0), List.of(3.0, 3.0, 3.0));
    }

    /** Of two arrays the collector says how far apart they lie, and so how fast the ruler is. */
    @Test
    void theRulerHasOneArrayForAllItReadsAndWrites() {
        assertThat(Stream.of(Ruler.class.getDeclaredFields()).filter(field -> field.getType() == float[].class))
                .hasSize(1);
        Ruler ruler = new Ruler();
        for (int run = 0; run < 2; run++) {
            ruler.run();
            float[] y = ruler.result();
            assertThat(y).hasSize(2048);
            for (int i = 0; i < y.length; i++) {
                double x = i / 2048.0;
                double expected = 0.6
                        + 0.5 * x
                        + 0.4 * x * x
                        + 0.3 * Math.pow(x, 3)
                        + 0.2 * Math.pow(x, 4)
                        + 0.1 * Math.pow(x, 5);
                assertThat((double) y[i]).isCloseTo(expected, within(1e-6));
            }
        }
    }

    @Test
    void aFreshJvmTakesASample() {
        List<Sample> samples = Probe.run(new Child(), 0.01, List.of(Work.parse("scal 64 1")));
        assertThat(samples).hasSize(1);
        assertThat(samples.get(0).rulers()).isPositive();
        assertThat(samples.get(0).backend()).isEqualTo("simd");
    }

    @Test
    void whatARunAllocatesIsSeen() {
        assertThat(Probe.bytes(new Allocating(), 1000)).isBetween(16.0, 640.0);
    }

    /** Allocates 64 bytes or so a run, which no compiler can spare it: anyone may read the field. */
    private static final class Allocating implements Contender {
        volatile byte[] kept;

        @Override
        public void run() {
            kept = new byte[48];
        }

        @Override
        public float[] result() {
            return new float[0];
        }
    }

    @Test
    void theSlowedBackendTakesThePlaceOfTheRealOne() {
        String classes =
                SlowedKernels.compile(Checkout.root().resolve("benchmarks")).toString();
        Work work = Work.parse("exp 4096 1");
        double usual = Probe.run(new Child(), 0.05, List.of(work)).get(0).rulers();
        double slowed = Probe.run(
                        new Child().before(classes).flags(List.of("-Dlanewise.slowed=9")), 0.05, List.of(work))
                .get(0)
                .rulers();
        assertThat(slowed).isLessThan(usual / 3);
    }

    @Test
    void aChildThatFailsFails() {
        assertThatThrownBy(() -> Probe.run(new Child(), 0.01, List.of(Work.parse("no-such-kernel 64 1"))))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("ended with status 1");
    }

    @Test
    void aKernelThatAllocatesOrIsNotSimdIsAFault() {
        Work work = Work.parse("exp 4096 1");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Check check = new Check(new PrintStream(said, true), Child::new);
        Samples sound = Samples.of(List.of(new Sample(work, "simd", 1, 0, 0.99)));
        Samples allocating = Samples.of(List.of(new Sample(work, "simd", 1, 0, 1)));
        check.layerA(unused -> allocating, all(1), sound);
        check.layerA(once -> sound, all(1), allocating);
        assertThat(said.toString().lines())
                .hasSize(2)
                .allSatisfy(
                        line -> assertThat(line).startsWith("layer A: SIMD at ").endsWith("at most 0.99 bytes a run"));
        Samples scalar = Samples.of(List.of(new Sample(work, "scalar", 1, 0, 0)));
        for (Samples fault : List.of(allocating, scalar)) {
            assertThatThrownBy(() -> check.layerA(again -> fault, all(1), fault))
                    .isInstanceOf(Failure.class)
                    .hasMessageStartingWith("layer A: exp 4096 1 ")
                    .hasMessageMatching(".*(allocates 1.0 bytes a run|ran on the scalar backend)");
        }
    }

    /** The highest floor is 4. */
    @Test
    void aKernelBelowItsFloorIsAFault() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Check check = new Check(new PrintStream(said, true), Child::new);
        check.layerC(all(4), all(Suite.WATCHED, 4), all(Suite.FLOORED, 1));
        assertThat(said.toString()).startsWith("layer C: ").contains("the lowest at 1.0 times its own");
        assertThatThrownBy(() -> check.layerC(all(3.9), all(Suite.WATCHED, 4), all(Suite.FLOORED, 1)))
                .isInstanceOf(Failure.class)
                .hasMessage("layer C: sgemm NN:64x64x64 1 is 3.90 times as fast as scalar (expected at least 4.0)");
    }

    /** Every kernel of layer B as fast in two JVMs, in runs of the ruler. */
    private static Samples all(double rulers) {
        return all(Suite.TIMED, rulers);
    }

    private static Samples all(List<Suite.Entry> entries, double rulers) {
        return Samples.of(entries.stream()
                .map(entry -> new Sample(entry.work(), "simd", rulers, 0, 0))
                .flatMap(sample -> Stream.of(sample, sample))
                .toList());
    }

    private static Baseline baselineOfAll() {
        return Baseline.of(
                "test",
                Suite.TIMED.stream()
                        .collect(Collectors.toMap(entry -> entry.work().toString(), entry -> STEADY)));
    }

    private static double[] scaled(double factor) {
        return Arrays.stream(STEADY).map(x -> factor * x).toArray();
    }
}
