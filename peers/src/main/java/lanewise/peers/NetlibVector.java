package lanewise.peers;

import lanewise.benchmarks.race.Contender;
import lanewise.benchmarks.race.Peer;
import lanewise.benchmarks.race.Work;

/** The BLAS of dev.ludovic.netlib, its Vector API form. It has no threads. */
public final class NetlibVector implements Peer {
    @Override
    public String name() {
        return "netlib-vector";
    }

    @Override
    public Contender prepare(Work work, float[]... operands) {
        boolean can = work.kernel().equals("sgemm") && work.threads() == 1;
        return can ? new Netlib(Netlib.instance("VectorBLAS"), work.shape(), operands) : null;
    }
}
