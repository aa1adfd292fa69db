# The same 200 answers of 1,000 people in three cells as tests/reference/test_r_survey.py.
suppressPackageStartupMessages(library(survey))
data <- data.frame(
  cell = rep(c("a", "b", "c"), c(60, 100, 40)),
  agree = c(rep(c(1, 0), c(45, 15)), rep(c(1, 0), c(30, 70)), rep(c(1, 0), c(22, 18))),
  score = c(rep(1:5, c(5, 5, 10, 20, 20)), rep(1:5, c(30, 25, 20, 15, 10)), rep(1:5, 8))
)
people <- c(a = 150, b = 700, c = 150)
data$heads <- people[data$cell]
data$all <- 1000
show <- function(name, value) cat(name, formatC(value, digits = 15, format = "g"), "\n")

strata <- svydesign(ids = ~1, strata = ~cell, fpc = ~heads, data = data)
share <- svymean(~agree, strata)
score <- svymean(~score, strata)
show("share", coef(share)); show("share_se", SE(share))
show("score", coef(score)); show("score_se", SE(score))
both <- vcov(svymean(~agree + score, strata))
show("covariance", both[1, 2])

simple <- svydesign(ids = ~1, fpc = ~all, data = data)
cells <- data.frame(cell = names(people), Freq = as.numeric(people))
post <- postStratify(simple, ~cell, cells)
show("post_share", coef(svymean(~agree, post))); show("post_share_se", SE(svymean(~agree, post)))
show("post_score", coef(svymean(~score, post))); show("post_score_se", SE(svymean(~score, post)))

limits <- confint(svyciprop(~agree, strata, method = "beta"))
show("beta_low", limits[1]); show("beta_high", limits[2])
m <- svymean(~agree, strata)
n <- nrow(data)
n_eff <- coef(m) * (1 - coef(m)) / vcov(m)[1] * (qt(.975, n - 1) / qt(.975, degf(strata)))^2
x <- coef(m) * n_eff
show("kg_low", qbeta(.025, x, n_eff - x + 1)); show("kg_high", qbeta(.975, x + 1, n_eff - x))
show("weights_deff", n * sum(weights(post)^2) / sum(weights(post))^2)

plain <- svydesign(ids = ~1, fpc = ~all, data = data)
show("plain_share_se", SE(svymean(~agree, plain)))
show("plain_score_low", confint(svymean(~score, plain), df = n - 1)[1])
show("plain_score_high", confint(svymean(~score, plain), df = n - 1)[2])
data$net <- ifelse(data$score >= 4, 1, ifelse(data$score <= 2, -1, 0))
net <- svymean(~net, svydesign(ids = ~1, fpc = ~all, data = data))
show("plain_net", coef(net)); show("plain_net_se", SE(net))
