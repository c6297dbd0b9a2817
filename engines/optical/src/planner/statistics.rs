//! Means with confidence intervals from one long run, by batches.

/// A mean with its uncertainty.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Half the width of the 95 % confidence interval; infinite with fewer than two batches.
    pub half_width: f64,
}

/// Means of equally long batches. Neighbouring requests depend on each other, batches that are
/// long against the holding time hardly do; so the spread of their means tells the error of the
/// whole (Law, "Simulation Modeling and Analysis", section 9.5.3).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BatchMeans {
    means: Vec<f64>,
}

impl BatchMeans {
    /// Adds the mean of one batch.
    pub fn push(&mut self, mean: f64) {
        self.means.push(mean);
    }

    /// The means in order.
    #[must_use]
    pub fn means(&self) -> &[f64] {
        &self.means
    }

    /// The mean of all with its 95 % interval by Student's distribution.
    #[must_use]
    pub fn estimate(&self) -> Estimate {
        let count = self.means.len();
        let mean = self.means.iter().sum::<f64>() / count.max(1) as f64;
        if count < 2 {
            return Estimate { mean, half_width: f64::INFINITY };
        }
        let squares: f64 = self.means.iter().map(|m| (m - mean) * (m - mean)).sum();
        let deviation = (squares / (count - 1) as f64).sqrt();
        Estimate { mean, half_width: student_95(count - 1) * deviation / (count as f64).sqrt() }
    }
}

/// The 97.5 % point of Student's distribution.
fn student_95(freedom: usize) -> f64 {
    const TABLE: [f64; 30] = [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
        2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
        2.052, 2.048, 2.045, 2.042,
    ];
    // Beyond the table: Cornish and Fisher's expansion to the first order.
    let normal: f64 = 1.959_964;
    let expanded = normal + (normal.powi(3) + normal) / (4.0 * freedom as f64);
    freedom.checked_sub(1).and_then(|at| TABLE.get(at).copied()).unwrap_or(expanded)
}
