package lanewise.trainer.cli;

/** A program that obeys no signal, and ends itself for that only after two minutes. */
final class DeafProgram {
    /** What it says when signals come to it, and again when one has come. */
    static final char READY = '.';

    private static final long PATIENCE_MILLIS = 120_000;

    private DeafProgram() {}

    public static void main(String[] args) throws InterruptedException {
        try (Signals signals = Signals.handled(PATIENCE_MILLIS)) {
            ready();
            while (signals.received().isEmpty()) {
                Thread.sleep(1);
            }
            ready();
            Thread.sleep(PATIENCE_MILLIS);
        }
    }

    private static void ready() {
        System.out.write(READY);
        System.out.flush();
    }
}
