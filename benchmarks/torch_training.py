"""The training of `bourtsoulatze2019` in PyTorch: the same layers, channel, loss and optimiser."""

import numpy as np
import torch
from measure import SEED, timed
from torch import Tensor, nn

BATCH, SIDE, SNR_DB, STEPS = 64, 32, 10.0, 20
PICTURES = 2000


def encoder(latent_channels: int) -> nn.Sequential:
    """Convolutions 16/2, 32/2, 32, 32, c with PReLU between them."""
    layers: list[nn.Module] = []
    before = 3
    for filters, stride in ((16, 2), (32, 2), (32, 1), (32, 1)):
        layers += [nn.Conv2d(before, filters, 5, stride, 2), nn.PReLU(filters)]
        before = filters
    return nn.Sequential(*layers, nn.Conv2d(before, latent_channels, 5, 1, 2))


def decoder(latent_channels: int) -> nn.Sequential:
    """Transposed convolutions 32, 32, 32, 16/2, 3/2 with PReLU between them and a sigmoid."""
    layers: list[nn.Module] = []
    before = latent_channels
    for filters, stride in ((32, 1), (32, 1), (32, 1), (16, 2)):
        layers += [nn.ConvTranspose2d(before, filters, 5, stride, 2, stride - 1), nn.PReLU(filters)]
        before = filters
    return nn.Sequential(*layers, nn.ConvTranspose2d(before, 3, 5, 2, 2, 1), nn.Sigmoid())


class Training:
    """Twenty steps a call: pictures drawn from an array, noise from PyTorch's generator."""

    def __init__(self, latent_channels: int, channels_last: bool) -> None:
        torch.set_num_threads(1)
        torch.manual_seed(SEED)
        self.order = torch.channels_last if channels_last else torch.contiguous_format
        self.encoder = encoder(latent_channels).to(memory_format=self.order)
        self.decoder = decoder(latent_channels).to(memory_format=self.order)
        self.weights = [*self.encoder.parameters(), *self.decoder.parameters()]
        self.optimiser = torch.optim.Adam(self.weights, 1e-3)
        self.rng = np.random.default_rng(SEED)
        self.pictures = self.rng.random((PICTURES, 3, SIDE, SIDE), np.float32)

    def step(self) -> float:
        """One step; returns the loss."""
        data = torch.from_numpy(self.pictures[self.rng.integers(PICTURES, size=BATCH)]).to(memory_format=self.order)
        latents = self.encoder(2.0 * data - 1.0)
        flat = latents.reshape(BATCH, -1)
        symbols = flat * torch.rsqrt(torch.mean(flat**2, 1, keepdim=True).clamp_min(1e-12)) * 0.5**0.5
        heard = symbols + (0.5 * 10.0 ** (-SNR_DB / 10.0)) ** 0.5 * torch.randn_like(symbols)
        understood = self.decoder(heard.reshape(latents.shape).to(memory_format=self.order))
        loss = self.loss(data, understood)
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.weights, 1.0)
        self.optimiser.step()
        return loss.item()

    def loss(self, data: Tensor, understood: Tensor) -> Tensor:
        """The mean logarithm of the square error of a picture."""
        return torch.log(torch.mean((data - understood) ** 2, (1, 2, 3)) + 1e-8).mean()

    def __call__(self) -> float:
        """Steps a second."""
        return STEPS / timed(lambda: [self.step() for _ in range(STEPS)])
