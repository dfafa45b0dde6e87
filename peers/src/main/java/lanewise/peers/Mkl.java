package lanewise.peers;

import lanewise.benchmarks.race.Contender;
import lanewise.benchmarks.race.Peer;
import lanewise.benchmarks.race.Work;
import org.bytedeco.mkl.global.mkl_rt;

/** Intel MKL as the JavaCPP presets bring it. */
public final class Mkl implements Peer {
    @Override
    public String name() {
        return "mkl";
    }

    @Override
    public Contender prepare(Work work, float[]... operands) {
        if (!work.kernel().equals("sgemm")) {
            return null;
        }
        mkl_rt.MKL_Set_Num_Threads(work.threads());
        return new Cblas(mkl_rt::cblas_sgemm, work.shape(), operands);
    }
}
