"""Values around PyTorch's own tensors."""

import torch


class Value:
    """A float64 tensor of one number."""

    def __init__(self, data):
        self.tensor = torch.tensor(data, dtype=torch.float64, requires_grad=True)
        self.tensor.grad = torch.zeros_like(self.tensor)

    @staticmethod
    def _around(tensor):
        result = Value.__new__(Value)
        result.tensor = tensor
        tensor.retain_grad()
        return result

    @property
    def data(self):
        """The number."""
        return self.tensor.item()

    @data.setter
    def data(self, number):
        self.tensor.data.fill_(number)

    @property
    def grad(self):
        """The gradient."""
        return 0.0 if self.tensor.grad is None else self.tensor.grad.item()

    @grad.setter
    def grad(self, number):
        self.tensor.grad = torch.tensor(number, dtype=torch.float64)

    def backward(self):
        """Torch's own."""
        self.tensor.backward(retain_graph=True)

    def tanh(self):
        """Torch's own."""
        return self._around(self.tensor.tanh())

    def exp(self):
        """Torch's own."""
        return self._around(self.tensor.exp())

    def __neg__(self):
        """Torch's own."""
        return self._around(-self.tensor)


def _delegate(name):
    def method(self, other):
        other = other.tensor if isinstance(other, Value) else other
        return self._around(getattr(self.tensor, name)(other))

    return method


for _name in ("add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv", "pow"):
    setattr(Value, f"__{_name}__", _delegate(f"__{_name}__"))
