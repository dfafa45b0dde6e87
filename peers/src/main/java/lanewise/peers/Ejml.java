package lanewise.peers;

import lanewise.benchmarks.race.Contender;
import lanewise.benchmarks.race.Peer;
import lanewise.benchmarks.race.Work;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_FDRM;

/** EJML's dense matrices, on one thread. */
public final class Ejml implements Peer {
    @Override
    public String name() {
        return "ejml";
    }

    @Override
    public Contender prepare(Work work, float[]... operands) {
        if (!work.kernel().equals("sgemm") || work.threads() != 1) {
            return null;
        }
        boolean transA = work.shape().trans().charAt(0) == 'T';
        boolean transB = work.shape().trans().charAt(1) == 'T';
        int m = work.shape().size(0);
        int k = work.shape().size(1);
        int n = work.shape().size(2);
        FMatrixRMaj a = FMatrixRMaj.wrap(transA ? k : m, transA ? m : k, operands[0]);
        FMatrixRMaj b = FMatrixRMaj.wrap(transB ? n : k, transB ? k : n, operands[1]);
        FMatrixRMaj c = new FMatrixRMaj(m, n);
        return new Contender() {
            @Override
            public void run() {
                if (transA && transB) {
                    CommonOps_FDRM.multTransAB(a, b, c);
                } else if (transA) {
                    CommonOps_FDRM.multTransA(a, b, c);
                } else if (transB) {
                    CommonOps_FDRM.multTransB(a, b, c);
                } else {
                    CommonOps_FDRM.mult(a, b, c);
                }
            }

            @Override
            public float[] result() {
                return c.data;
            }
        };
    }
}
