using Akka.Actor;
using Akka.Event;

namespace Akka.Engine.Tests.Core;

public class SelectionTests : ActorSystemTest
{
    readonly IActorRef _top;

    public SelectionTests()
    {
        _top = System.ActorOf(Props.Create(() => new Node()), "top");
        foreach (var name in new[] { "a1", "a2", "b1" })
            _top.Tell(name);
    }

    [Fact]
    public async Task A_path_leads_to_its_actor_absolute_or_relative()
    {
        await Handled(_top);
        Assert.Equal("core/user/top/a1", await Ask(System.ActorSelection("/user/top/a1")));
        Assert.Equal("core/user/top/a1", await Ask(System.ActorSelection("akka://core/user/top/a1")));
        Assert.Equal("core/user/top/a1", await Ask(System.ActorSelection(_top.Path / "a1")));
        Assert.Equal("core/user/top/b1", await _top.Ask<string>(new Select("b1"), Patience));
        Assert.Equal("core/user/top/b1", await _top.Ask<string>(new Select("a1/../b1"), Patience));
        Assert.Equal("core/user/top", await _top.Ask<string>(new Select("../top"), Patience));
    }

    [Fact]
    public async Task Wildcards_lead_to_all_that_match()
    {
        await Handled(_top);
        Assert.Equal(["core/user/top/a1", "core/user/top/a2"], await AskAll("/user/top/a*", 2));
        Assert.Equal(["core/user/top/a1", "core/user/top/b1"], await AskAll("/user/top/?1", 2));
        Assert.Equal(["core/user/top/a2"], await AskAll("/user/*/a2", 1));
    }

    [Fact]
    public async Task ResolveOne_finds_the_actor_or_fails()
    {
        Assert.Equal(_top, await System.ActorSelection("/user/top").ResolveOne(Patience));
        await Assert.ThrowsAsync<ActorNotFoundException>(() =>
            System.ActorSelection("/user/nobody").ResolveOne(Patience));
    }

    [Fact]
    public async Task Identify_is_answered_for_a_missing_actor_too()
    {
        var identity = await System.ActorSelection("/user/nobody/here").Ask<ActorIdentity>(new Identify(7), Patience);
        Assert.Equal(7, identity.MessageId);
        Assert.Null(identity.Subject);
    }

    [Fact]
    public async Task A_message_that_leads_nowhere_is_a_dead_letter()
    {
        var probe = NewProbe();
        System.EventStream.Subscribe(probe.Ref, typeof(DeadLetter));
        System.ActorSelection("/user/nobody").Tell("hello", ActorRefs.NoSender);
        Assert.Equal("hello", (await probe.Next<DeadLetter>()).Message);
    }

    [Fact]
    public void A_reference_survives_its_text_form() =>
        Assert.Equal(
            _top, ((ExtendedActorSystem)System).Provider.ResolveActorRef(_top.Path.ToSerializationFormat()));

    [BundledFact]
    public async Task A_reference_that_was_written_down_does_not_lead_to_the_next_actor_of_the_name()
    {
        var provider = ((ExtendedActorSystem)System).Provider;
        var path = _top.Path.ToSerializationFormat();
        Assert.True(await _top.GracefulStop(Patience));
        var next = NewNamed("top");
        Assert.NotEqual(next, provider.ResolveActorRef(path));
        Assert.Equal(next, provider.ResolveActorRef(next.Path.ToSerializationFormat()));
        await Assert.ThrowsAsync<AskTimeoutException>(
            () => provider.ResolveActorRef(path).Ask<string>("who", TimeSpan.FromMilliseconds(5)));
    }

    // The name is free once the guardian has handled the end of its last bearer, which nobody is told of.
    IActorRef NewNamed(string name)
    {
        while (true)
        {
            try
            {
                return System.ActorOf(Props.Create(() => new Node()), name);
            }
            catch (InvalidActorNameException)
            {
                Thread.Yield();
            }
        }
    }

    static Task<string> Ask(ActorSelection selection) => selection.Ask<string>("who", Patience);

    async Task<IEnumerable<string>> AskAll(string path, int count)
    {
        var probe = NewProbe();
        System.ActorSelection(path).Tell("who", probe.Ref);
        var answers = new List<string>();
        for (var i = 0; i < count; i++)
            answers.Add(await probe.Next<string>());
        await probe.ExpectNothingMore();
        return answers.Order(StringComparer.Ordinal);
    }

    sealed record Select(string Path);

    sealed class Node : ReceiveActor
    {
        public Node()
        {
            Receive<string>(s => s == "who", _ => Sender.Tell(Self.Path.ToString()["akka://".Length..]));
            Receive<string>(name => Context.ActorOf(Props.Create(() => new Node()), name));
            Receive<Select>(s => Context.ActorSelection(s.Path).Tell("who", Sender));
        }
    }
}
