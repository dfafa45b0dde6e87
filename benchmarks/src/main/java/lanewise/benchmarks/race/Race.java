package lanewise.benchmarks.race;

import java.util.Collection;
import java.util.List;
import java.util.ServiceLoader;
import lanewise.benchmarks.Child;

/** Races our kernels against one rival, piece of work by piece of work, in a JVM of its own. */
public final class Race {
    /** The rival that is no peer: the ceilings of the machine. */
    public static final String CEILING = "ceiling";

    private Race() {}

    /**
     * Races against the ceilings, or against a peer after its results have been held against ours.
     *
     * @param child the JVM, with the peer on its class path
     * @param rival {@link #CEILING} or the name of the peer
     * @param seconds how long for each piece of work
     * @param works what to do
     * @return in the order of the works, without those that the peer cannot do
     */
    public static List<Measurement> run(Child child, String rival, double seconds, Collection<Work> works) {
        return child.run(Race.class, Work.behind(List.of(rival, Double.toString(seconds)), works)).stream()
                .map(Measurement::parse)
                .toList();
    }

    /**
     * Prints a {@link Measurement} for each piece of work.
     *
     * @param args the rival, how long to race, and what to do
     */
    public static void main(String[] args) {
        double seconds = Double.parseDouble(args[1]);
        for (int i = 2; i < args.length; i++) {
            Work work = Work.parse(args[i]);
            Measurement measurement =
                    args[0].equals(CEILING) ? againstCeiling(work, seconds) : againstPeer(args[0], work, seconds);
            if (measurement != null) {
                System.out.println(measurement);
            }
        }
    }

    private static Measurement againstCeiling(Work work, double seconds) {
        try (Ours ours = Ours.prepare(work)) {
            return Ceilings.race(work, ours, seconds);
        }
    }

    private static Measurement againstPeer(String name, Work work, double seconds) {
        Peer peer = ServiceLoader.load(Peer.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such peer: " + name));
        try (Ours ours = Ours.prepare(work);
                Contender theirs = peer.prepare(work, ours.operands())) {
            if (theirs == null) {
                return null;
            }
            ours.run();
            theirs.run();
            if (theirs.result().length > 0) {
                Agreement.require(work, name, ours.result(), theirs.result());
            }
            return Measurement.of(work, Duel.race(ours, theirs, seconds), false);
        }
    }
}
