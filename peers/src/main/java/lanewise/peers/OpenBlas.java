package lanewise.peers;

import lanewise.benchmarks.race.Contender;
import lanewise.benchmarks.race.Peer;
import lanewise.benchmarks.race.Work;
import org.bytedeco.openblas.global.openblas;

/** OpenBLAS as the JavaCPP presets bring it; {@code OPENBLAS_CORETYPE} in the environment chooses its kernels. */
public final class OpenBlas implements Peer {
    @Override
    public String name() {
        return "openblas";
    }

    @Override
    public Contender prepare(Work work, float[]... operands) {
        if (!work.kernel().equals("sgemm")) {
            return null;
        }
        openblas.blas_set_num_threads(work.threads());
        return new Cblas(openblas::cblas_sgemm, work.shape(), operands);
    }
}
