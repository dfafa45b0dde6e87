package lanewise.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import lanewise.benchmarks.Checkout;
import lanewise.benchmarks.race.Contender;
import lanewise.benchmarks.race.Peer;
import lanewise.benchmarks.race.Work;

/** The course's own epochs in NumPy, in a Python of their own that does one at each request. */
public final class NumPy implements Peer {
    @Override
    public String name() {
        return "numpy";
    }

    @Override
    public Contender prepare(Work work, float[]... operands) {
        if (!List.of("epoch-softmax", "epoch-mlp400").contains(work.kernel())) {
            return null;
        }
        try {
            String python = python();
            if (python == null) {
                return null;
            }
            String code = script("epoch.py");
            ProcessBuilder builder = new ProcessBuilder(
                    python, "-c", code, Checkout.root().resolve("data/mnist").toString(), work.kernel());
            builder.redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().put("OPENBLAS_NUM_THREADS", Integer.toString(work.threads()));
            // The products of an epoch follow one another so soon that each would have to wake the threads, did these
            // sleep as early as those of a peer whose turn ends with a product. They wait 2^20 ticks, some 0.4 ms.
            builder.environment().put("OPENBLAS_THREAD_TIMEOUT", "20");
            Session session = new Session(builder.start());
            if (work.kernel().equals("epoch-mlp400")) {
                session.ask("start " + encode(operands[0]) + " " + encode(operands[1]));
            }
            return session;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A Python whose NumPy has a BLAS worth racing, or null and a note: the plain loops that it may have are no rival. */
    private static String python() throws IOException {
        String code = script("blas.py");
        String found = "none";
        for (String python : List.of("/usr/bin/python3", "python3")) {
            try {
                Process process = new ProcessBuilder(python, "-c", code)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                String blas = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                if (blas.contains("openblas") || blas.contains("mkl")) {
                    return python;
                }
                found = blas.isEmpty() ? found : blas;
            } catch (IOException e) {
                // It is not there.
            }
        }
        System.err.println(
                "note: NumPy is not raced: neither /usr/bin/python3 nor python3 has it with OpenBLAS or MKL (found "
                        + found + "); on Debian: apt install python3-numpy libopenblas0-pthread");
        return null;
    }

    private static String script(String name) throws IOException {
        try (InputStream script = NumPy.class.getResourceAsStream(name)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String encode(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** One line to Python, one line back. */
    private static final class Session implements Contender {
        private final Process process;
        private final Writer in;
        private final BufferedReader out;

        Session(Process process) {
            this.process = process;
            this.in = process.outputWriter();
            this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        }

        String ask(String request) {
            try {
                in.write(request + "\n");
                in.flush();
                String answer = out.readLine();
                if (answer == null) {
                    throw new IllegalStateException("numpy ended");
                }
                return answer;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void run() {
            ask("epoch");
        }

        @Override
        public float[] result() {
            byte[] bytes = Base64.getDecoder().decode(ask("weights"));
            float[] weights = new float[bytes.length / 4];
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(weights);
            return weights;
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
