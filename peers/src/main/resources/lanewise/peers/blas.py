"""Names the BLAS that NumPy multiplies with: the libraries that are in memory after a product, each with its folder."""
import re

import numpy as np

a = np.ones((64, 64), np.float32)
a @ a
with open("/proc/self/maps") as maps:
    found = {"/".join(line.strip().split("/")[-2:]) for line in maps if re.search(r"/lib[^/]*(blas|blis|mkl)[^/]*$", line)}
# Where Debian has this one, NumPy calls it: another may be there for LAPACK alone.
called = {name for name in found if "/libblas." in name}
print(*sorted(called or found or {"no BLAS"}))
