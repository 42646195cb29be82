using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;

namespace Akka.Engine.Tests.TestKit;

/// <summary>
/// With the calling-thread dispatcher everywhere and a test scheduler, a whole actor system runs on one thread, and the
/// same seed gives the same run.
/// </summary>
public class DeterminismTests
{
    static readonly Config OneThread = ConfigurationFactory.ParseString("""
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
          actor.default-dispatcher.type = "Akka.TestKit.CallingThreadDispatcherConfigurator, Akka.TestKit"
          actor.internal-dispatcher.type = "Akka.TestKit.CallingThreadDispatcherConfigurator, Akka.TestKit"
        }
        """);

    [Fact]
    public void The_same_seed_gives_the_same_trace() => RunTwice(asksWorkers: false);

    /// <summary>On Akka.NET an answer that does not come at once goes through the thread pool.</summary>
    [BundledFact]
    public void Answers_that_come_late_are_part_of_the_trace() => RunTwice(asksWorkers: true);

    static void RunTwice(bool asksWorkers)
    {
        var one = Run(7, asksWorkers);
        Assert.Equal(one, Run(7, asksWorkers));
        Assert.NotEqual(one, Run(8, asksWorkers));
        foreach (var happened in new[] { "restart", "stash", "unstash", "terminated", "answer", "timer" })
            Assert.Contains(one, line => line.Contains(happened));
    }

    static List<string> Run(int seed, bool asksWorkers)
    {
        const int steps = 300;
        var world = new World(new Random(seed));
        using var kit = new Akka.TestKit.Xunit2.TestKit(OneThread);
        var scheduler = (TestScheduler)kit.Sys.Scheduler;
        world.Start = scheduler.Now;
        world.Clock = () => scheduler.Now;
        var boss = kit.Sys.ActorOf(Props.Create(() => new Boss(world, asksWorkers)), "boss");
        for (var step = 0; step < steps; step++)
        {
            if (world.Random.Next(3) == 0) boss.Tell(new Work(step));
            scheduler.Advance(TimeSpan.FromMilliseconds(world.Random.Next(1, 10)));
        }
        Assert.All(world.Threads, thread => Assert.Equal(Environment.CurrentManagedThreadId, thread));
        return world.Trace;
    }

    sealed class World(Random random)
    {
        public Random Random => random;

        public List<string> Trace { get; } = [];

        public HashSet<int> Threads { get; } = [];

        public DateTimeOffset Start { get; set; }

        public Func<DateTimeOffset> Clock { get; set; } = null!;

        public void Note(IActorRef actor, string what)
        {
            Threads.Add(Environment.CurrentManagedThreadId);
            Trace.Add($"{(Clock() - Start).TotalMilliseconds} {actor.Path.ToStringWithoutAddress()} {what}");
        }
    }

    sealed record Work(int Id);

    sealed record Question(int Id);

    sealed record Answer(int Id, string From);

    sealed class Tick;

    sealed class Boss : ReceiveActor
    {
        readonly World _world;
        readonly List<IActorRef> _workers = [];
        readonly IActorRef _oracle = Context.ActorOf(Props.Create(() => new Oracle()), "oracle");
        int _born;

        public Boss(World world, bool asksWorkers)
        {
            _world = world;
            Receive<Work>(work =>
            {
                var worker = _workers[world.Random.Next(_workers.Count)];
                worker.Tell(work);
                (asksWorkers ? worker : _oracle).Ask<Answer>(new Question(work.Id)).PipeTo(Self);
            });
            Receive<Answer>(answer => world.Note(Self, $"answer {answer}"));
            Receive<Terminated>(terminated =>
            {
                world.Note(Self, $"terminated {terminated.ActorRef.Path.Name}");
                _workers.Remove(terminated.ActorRef);
                Hire();
            });
        }

        protected override void PreStart()
        {
            for (var i = 0; i < 5; i++) Hire();
        }

        void Hire()
        {
            var worker = Context.ActorOf(Props.Create(() => new Worker(_world)), $"worker-{_born++}");
            Context.Watch(worker);
            foreach (var other in _workers) worker.Tell(other);
            _workers.Add(worker);
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);
    }

    sealed class Oracle : ReceiveActor
    {
        public Oracle() => Receive<Question>(question => Sender.Tell(new Answer(question.Id, Self.Path.Name)));
    }

    sealed class Worker : ReceiveActor, IWithTimers, IWithUnboundedStash
    {
        readonly World _world;

        public Worker(World world)
        {
            _world = world;
            Idle();
        }

        public ITimerScheduler Timers { get; set; } = null!;

        public IStash Stash { get; set; } = null!;

        protected override void PreStart() =>
            Timers.StartPeriodicTimer("tick", new Tick(), TimeSpan.FromMilliseconds(_world.Random.Next(3, 20)));

        protected override void PostRestart(Exception reason)
        {
            _world.Note(Self, $"restart {reason.Message}");
            base.PostRestart(reason);
        }

        void Idle()
        {
            Receive<Work>(work =>
            {
                _world.Note(Self, $"work {work.Id}");
                if (_world.Random.Next(4) == 0) throw new InvalidOperationException($"broke at {work.Id}");
                if (_world.Random.Next(3) == 0) Become(Busy);
            });
            Receive<Tick>(_ =>
            {
                _world.Note(Self, "timer");
                if (_world.Random.Next(40) == 0) Context.Stop(Self);
            });
            Common();
        }

        void Busy()
        {
            Receive<Work>(work =>
            {
                _world.Note(Self, $"stash {work.Id}");
                Stash.Stash();
            });
            Receive<Tick>(_ =>
            {
                if (_world.Random.Next(2) == 0) return;
                _world.Note(Self, "unstash");
                Become(Idle);
                Stash.UnstashAll();
            });
            Common();
        }

        void Common()
        {
            // Workers watch each other, so that one end is news to many at once.
            Receive<IActorRef>(other => Context.Watch(other));
            Receive<Question>(question => Sender.Tell(new Answer(question.Id, Self.Path.Name)));
            Receive<Terminated>(terminated => _world.Note(Self, $"saw {terminated.ActorRef.Path.Name} terminated"));
        }
    }
}
