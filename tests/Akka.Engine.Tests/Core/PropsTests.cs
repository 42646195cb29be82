using Akka.Actor;

namespace Akka.Engine.Tests.Core;

public class PropsTests : ActorSystemTest
{
    [Fact]
    public async Task Constructor_arguments_are_evaluated_once()
    {
        var calls = 0;
        Func<int> next = () => ++calls;
        var props = Props.Create(() => new Says(next(), "x"));
        Assert.Equal("1x", await Ask(System.ActorOf(props)));
        Assert.Equal("1x", await Ask(System.ActorOf(props)));
        Assert.Equal(1, calls);
        Assert.Equal(typeof(Says), props.Type);
        Assert.Equal([1, "x"], props.Arguments);
    }

    [Fact]
    public async Task Props_are_made_from_a_type_and_its_arguments()
    {
        Assert.Equal("2y", await Ask(System.ActorOf(Props.Create(typeof(Says), 2, "y"))));
        Assert.Equal("3z", await Ask(System.ActorOf(Props.Create<Says>(3, "z"))));
        Assert.Equal("0", await Ask(System.ActorOf(Props.Create<Says>())));
        Assert.Equal("4", await Ask(System.ActorOf(Props.Create<Says>(4, null!))));
    }

    [Fact]
    public async Task Props_are_made_from_a_factory()
    {
        var factory = new Factory();
        var actor = System.ActorOf(Props.CreateBy(factory));
        Assert.Equal("7f", await Ask(actor));
        actor.Tell("fail");
        Assert.Equal("7f", await Ask(actor));
        Assert.Equal(2, factory.Made);
        System.Stop(actor);
        await factory.BothReleased.WaitAsync(Patience);
    }

    [Fact]
    public void An_expression_that_calls_no_constructor_is_refused()
    {
        var actor = (Says)null!;
        Assert.ThrowsAny<Exception>(() => Props.Create(() => actor));
    }

    [Fact]
    public async Task Arguments_that_fit_no_constructor_end_the_actor()
    {
        var probe = NewProbe();
        probe.Watch(System.ActorOf(Props.Create(typeof(Says), "not", "fitting")));
        await probe.Next<Terminated>();
    }

    [Fact]
    public void An_actor_cannot_be_made_with_new()
    {
        // On a thread that no test kit has left its test actor on.
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() => new Says()));
        thread.Start();
        thread.Join();
        Assert.IsType<ActorInitializationException>(failure);
    }

    [Fact]
    public async Task An_actor_that_is_disposable_is_disposed_of()
    {
        var disposed = new TaskCompletionSource();
        var actor = System.ActorOf(Props.Create(() => new Holds(disposed)));
        System.Stop(actor);
        await disposed.Task.WaitAsync(Patience);
    }

    static Task<string> Ask(IActorRef actor) => actor.Ask<string>("say", Patience);

    sealed class Says : ReceiveActor
    {
        public Says()
            : this(0, "")
        {
        }

        public Says(int number, string text) => ReceiveAny(message =>
        {
            if (message is "fail")
                throw new InvalidOperationException("on purpose");
            Sender.Tell(number + text);
        });
    }

    sealed class Holds(TaskCompletionSource disposed) : ReceiveActor, IDisposable
    {
        public void Dispose() => disposed.SetResult();
    }

    sealed class Factory : IIndirectActorProducer
    {
        readonly TaskCompletionSource _bothReleased = new();
        int _released;

        public Type ActorType => typeof(Says);

        public int Made { get; private set; }

        public Task BothReleased => _bothReleased.Task;

        public ActorBase Produce()
        {
            Made++;
            return new Says(7, "f");
        }

        public void Release(ActorBase actor)
        {
            if (++_released == 2)
                _bothReleased.SetResult();
        }
    }
}
