# The same ballots as tests/reference/test_r_rankings.py, fitted by other people's programs.
suppressPackageStartupMessages({library(survival); library(BradleyTerry2); library(qvcalc)})
show <- function(name, value)
  for (i in seq_along(value)) cat(paste0(name, "_", i), formatC(value[i], digits = 15, format = "g"), "\n")

# Stigler's citations, shipped with BradleyTerry2: Bradley-Terry with quasi-variances
data(citations, package = "BradleyTerry2")
pairs <- countsToBinomial(citations)
names(pairs)[1:2] <- c("one", "other")
fit <- BTm(cbind(win1, win2), one, other, data = pairs)
show("bt", BTabilities(fit)[, 1]); show("bt_se", BTabilities(fit)[-1, 2])
show("bt_quasi", qvcalc(BTabilities(fit))$qvframe$quasiSE)

# top-3 and subset rankings of five elements: Cox's partial likelihood is that of Plackett-Luce
ballots <- rbind(c(1,2,3,0,0), c(2,1,3,0,0), c(1,3,0,2,0), c(0,1,2,3,0), c(3,0,1,0,2), c(1,0,2,0,3),
                 c(0,0,3,1,2), c(2,3,1,0,0), c(1,2,0,0,3), c(0,2,0,1,3))
times <- c(9, 7, 5, 4, 3, 6, 4, 5, 3, 2)
long <- NULL
id <- 0
for (b in seq_len(nrow(ballots))) for (k in seq_len(times[b])) {
  id <- id + 1
  long <- rbind(long, data.frame(id = id, item = 1:5, place = ballots[b, ]))
}
long$item <- factor(long$item)
top <- transform(long, time = ifelse(place > 0, place, 4), status = place > 0)
fit <- coxph(Surv(time, status) ~ item + strata(id), data = top, control = coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 50))
show("top", coef(fit)); show("top_se", sqrt(diag(vcov(fit)))); show("top_loglik", fit$loglik[2])
known <- subset(long, place > 0)
fit <- coxph(Surv(place, rep(TRUE, nrow(known))) ~ item + strata(id), data = known,
             control = coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 50))
show("subset", coef(fit)); show("subset_se", sqrt(diag(vcov(fit))))
show("top_quasi", qvcalc(rbind(0, cbind(0, vcov(coxph(Surv(time, status) ~ item + strata(id), data = top,
     control = coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 50))))))$qvframe$quasiSE)

# pairs with ties (Davidson 1970) as a log-linear model: rows i, j, wins of i, wins of j, ties
duels <- rbind(c(1,2,20,14,9), c(1,3,25,9,6), c(1,4,17,16,11), c(2,3,19,13,8), c(2,4,12,18,10), c(3,4,10,22,7))
cells <- NULL
for (r in seq_len(nrow(duels))) {
  i <- duels[r, 1]; j <- duels[r, 2]
  x <- function(a, b, tie) { v <- numeric(4); v[i] <- a; v[j] <- b; c(v, tie) }
  cells <- rbind(cells, c(r, duels[r, 3], x(1, 0, 0)), c(r, duels[r, 4], x(0, 1, 0)), c(r, duels[r, 5], x(.5, .5, 1)))
}
cells <- as.data.frame(cells)
names(cells) <- c("pair", "count", "w1", "w2", "w3", "w4", "tie")
fit <- glm(count ~ factor(pair) + w2 + w3 + w4 + tie, poisson, cells, control = glm.control(epsilon = 1e-15, maxit = 100))
show("davidson", coef(fit)[c("w2", "w3", "w4", "tie")])
show("davidson_se", sqrt(diag(vcov(fit)))[c("w2", "w3", "w4", "tie")])

# best and worst of sets of three of four elements; one person judges all four sets
sets <- rbind(c(1,2,3), c(2,3,4), c(1,3,4), c(1,2,4))
judged <- rbind(c(1,3, 2,4, 1,4, 1,4), c(1,2, 3,2, 1,3, 1,2), c(2,3, 2,3, 4,3, 2,4), c(3,1, 3,4, 3,4, 2,4),
                c(1,3, 4,2, 1,4, 4,2), c(2,1, 2,4, 3,1, 2,1), c(1,2, 2,3, 1,3, 1,4), c(3,2, 3,4, 1,4, 1,4))
long <- NULL
for (b in seq_len(nrow(judged))) for (s in 1:4) {
  best <- judged[b, 2 * s - 1]; worst <- judged[b, 2 * s]
  for (i in sets[s, ]) for (j in sets[s, ]) if (i != j) {
    v <- numeric(4); v[i] <- 1; v[j] <- -1
    long <- rbind(long, c(b, 4 * b + s, i == best && j == worst, v))
  }
}
long <- as.data.frame(long)
names(long) <- c("person", "choice", "chosen", "x1", "x2", "x3", "x4")
fit <- coxph(Surv(rep(1, nrow(long)), chosen) ~ x2 + x3 + x4 + strata(choice), data = long, cluster = person,
             control = coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 50))
show("maxdiff", coef(fit)); show("maxdiff_naive_se", sqrt(diag(fit$naive.var))); show("maxdiff_se", sqrt(diag(vcov(fit))))

# concordance with ties
ranks <- rbind(c(1, 2, 3.5, 3.5), c(2, 1, 3, 4), c(1.5, 1.5, 3, 4), c(1, 3, 2, 4), c(4, 1, 2, 3), c(1, 2, 4, 3),
               c(2.5, 2.5, 2.5, 2.5))
test <- friedman.test(ranks)
show("friedman", c(test$statistic, test$p.value))
