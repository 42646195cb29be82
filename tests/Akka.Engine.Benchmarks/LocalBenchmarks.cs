using Akka.Actor;
using BenchmarkDotNet.Attributes;

namespace Akka.Engine.Benchmarks;

/// <summary>One actor system, no network and no disk.</summary>
[MemoryDiagnoser]
public class LocalBenchmarks
{
    const int Tells = 1_000_000;
    const int Asks = 100_000;
    const int Spawns = 100_000;

    static readonly object s_message = new();

    ActorSystem _system = null!;
    IActorRef _counter = null!;
    IActorRef _echo = null!;
    IActorRef _parent = null!;

    [GlobalSetup]
    public void Start()
    {
        _system = ActorSystem.Create("local", "akka.loglevel = WARNING");
        _counter = _system.ActorOf(Props.Create(() => new Counter()));
        _echo = _system.ActorOf(Props.Create(() => new Echo()));
        _parent = _system.ActorOf(Props.Create(() => new Parent()));
    }

    [GlobalCleanup]
    public Task Stop() => _system.Terminate();

    /// <summary>Messages of one thread through one actor.</summary>
    [Benchmark(OperationsPerInvoke = Tells)]
    public Task Tell()
    {
        var done = new Countdown(Tells);
        _counter.Tell(done, ActorRefs.NoSender);
        for (var i = 0; i < Tells; i++)
            _counter.Tell(s_message, ActorRefs.NoSender);
        return done.Task;
    }

    /// <summary>One question after the other.</summary>
    [Benchmark(OperationsPerInvoke = Asks)]
    public async Task Ask()
    {
        for (var i = 0; i < Asks; i++)
            await _echo.Ask<object>(s_message);
    }

    /// <summary>An actor made, started and ended.</summary>
    [Benchmark(OperationsPerInvoke = Spawns)]
    public Task Spawn()
    {
        var done = new Countdown(Spawns);
        _parent.Tell(done, ActorRefs.NoSender);
        return done.Task;
    }

    sealed class Countdown(int count) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public int Left { get; set; } = count;
    }

    sealed class Counter : UntypedActor
    {
        Countdown? _current;

        protected override void OnReceive(object message)
        {
            if (message is Countdown next)
                _current = next;
            else if (--_current!.Left == 0)
                _current.SetResult();
        }
    }

    sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }

    sealed class Parent : UntypedActor
    {
        static readonly Props s_child = Props.Create(() => new Child());

        Countdown? _current;

        protected override void OnReceive(object message)
        {
            if (message is Countdown next)
            {
                _current = next;
                for (var i = next.Left; i > 0; i--)
                    Context.ActorOf(s_child).Tell(PoisonPill.Instance, Self);
            }
            else if (--_current!.Left == 0)
                _current.SetResult();
        }
    }

    sealed class Child : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }

        protected override void PostStop() => Context.Parent.Tell(s_message, ActorRefs.NoSender);
    }
}
