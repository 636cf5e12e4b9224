"""What each notebook asks for after “Move”, as states: each changes the one before.

Chapter 6's training is not among them: it takes a minute, and has tests of its own.
"""

from lessonkit.questions.whole_network.silence import silent

MOVES = {  # chapter and explorer → states
    ("nonlinearity", "smile"): ["units=0", "units=8", "units=16", "units=40"],
    ("nonlinearity", "linear_stack"): [
        *("layers=6", "activation=ReLU", "activation='leaky ReLU'", "activation=tanh"),
        *("activation='leaky ReLU'", "layers=1", "layers=4"),
    ],
    ("nonlinearity", "approximation"): [
        *(
            "hidden_units=40",
            "hidden_units=10",
            "'target=row of pixels'",
            "target=step",
            "hidden_units=100",
        ),
        *("target=smile hidden_units=4", "'target=sine wave' activation=sigmoid hidden_units=10"),
        *("activation=tanh", "hidden_units=100", "activation=sigmoid"),
    ],
    ("fitting", "frogs"): ["no_tail=true", "moist_skin=true", "spots_on_its_back=true"],
    ("fitting", "capacity"): [
        *("degree=0", "degree=15", "noise=0", "noise=0.3", "points=200"),
        *("model=tree points=16 depth=8", "points=200", "model=network epoch=1", "epoch=500"),
        *("model=polynomial degree=15 points=16 ridge=1e-06", "ridge=10"),
    ],
    ("fitting", "sampling"): [
        *(
            "fraction=0.001",
            "fraction=1",
            "fraction=0.1",
            "'way=every n-th row and column'",
            "way=corner",
        ),
        "photograph=stripes",
    ],
    ("activation", "functions_and_slopes"): ["x=-6", "x=6", "tanh=true"],
    ("activation", "gradient_ladder"): ["depth=50", "activation=ReLU", "weight_scale=1.4"],
    ("activation", "silent_neurons"): [
        *("patch=20", "bias=-1", "bias=3", "activation=sigmoid", "patch=5", "bias=-3"),
    ],
    ("activation", "feature_map"): [
        *("negative_slope=1", "negative_slope=0", "threshold=1"),
        *("filter=blur", "photograph=cat"),
    ],
    ("activation", "training_race"): [
        *("epoch=30", "'hidden_layers=1 (shallow)'", "own_rates=false", "validation=true"),
    ],
    ("activation", "dead_units"): [
        *("learning_rate=0.2", "learning_rate=0.05", "bias=-4"),
        *("'layer=second of two' bias=-2", "'after=0 steps'", "'after=16 epochs'"),
        "activation=sigmoid",
    ],
    ("pooling", "sliding_window"): [
        *("step=9", "statistic=mean", "statistic=sum", "statistic=L2"),
        *("statistic=max", "kernel_size=4 step=4", "kernel_size=2", "stride=1"),
    ],
    ("pooling", "forward_and_backward"): [
        *("grad_output=2", "statistic=mean", "statistic=max", "'numbers=3 3 1 0'", "ties=all"),
    ],
    ("pooling", "mosaics"): [
        "kernel_size=6",
        "kernel_size=8",
        "statistic=max",
        "statistic=L2",
        "statistic=sum",
    ],
    ("pooling", "steadiness"): [
        *("shift=8", "kernel_size=8", "kernel_size=4", "transform=turn", "transform=scale"),
        *("transform=shift", "'layer_input=edges after ReLU'", "shift=1"),
    ],
    ("pooling", "anywhere"): ["right=22", "right=23", "down=20"],
    ("pooling", "pooled_digits"): [
        *("kernel_size=3", "training_digits=200", "training_digits=4000"),
        *("kernel_size=4", "statistic=max"),
    ],
    ("softmax", "scores_to_probabilities"): [
        *("cat=5", "dog=2", "ship=-1", "cat=4 dog=1 ship=-2", "temperature=2"),
        *("temperature=1", "plus_1000=true"),
    ],
    ("softmax", "two_losses"): ["cat=2", "cat=-4", "cat=8", "cat=4", "label=dog"],
    ("softmax", "parameter_ledger"): ["input_size=64", "kernel_size=11"],
    ("softmax", "where_the_parameters_are"): [
        *("network=LeNet-5", "network=AlexNet", "network=VGG-16", "network=ResNet-50"),
    ],
    ("softmax", "dropout"): ["mask=2", "epoch=10", "epoch=60", "rate=0.8"],
    ("whole_network", "whole_network"): [
        *("digit=100", "digit=101", "stage='pooling 1' map=2 row=3 column=4"),
        *("stage='convolution 2' map=3 row=4 column=4", "shift_x=1", "shift_x=2"),
        *("turn=20", "scale=0.8", "blur=1", "input='draw one'"),
    ],
    ("whole_network", "silence"): [
        *(silent(first=(5,)), silent(), silent(second=(0, 1, 2, 3, 4, 8)), silent()),
        "row=2 column=2 map=3 connection=cut",
        "connection='sign turned'",
    ],
    ("whole_network", "confusion"): ["truth=9 said=7", "shift_x=4", "shift_x=0", "turn=90"],
}
