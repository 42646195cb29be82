using System.Text;
using Akka.Zab.Client.Recipes;

namespace Akka.Zab.Client.Tests;

/// <summary>An instance on the list of a service, whose health is asked for again and again.</summary>
public class RegistrationTests : ClientTestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private static readonly ServiceInstance Instance = new("o1", new Uri("http://10.0.0.1:80"));

    private readonly ManualTime _time = new();
    private readonly List<string> _told = [];
    private bool _healthy = true;
    private int _asked;

    [Fact]
    public async Task Health_whose_telling_was_cut_off_is_told_again_and_later_changes_too()
    {
        var zab = await Connect();
        var registration = await Serving(RegisterAsync(zab));

        Volatile.Write(ref _healthy, false);
        _time.Advance(Interval);
        await Serving(() => _told.Count == 1, answersSets: false);
        LetGo(); // so nobody knows whether it was told
        Accept();
        _time.Advance(Interval);
        await Serving(() => _told.Count == 2);
        Assert.All(_told, static told => Assert.Contains("\"healthy\":false", told, StringComparison.Ordinal));

        // What was told is not told again.
        for (var asked = Volatile.Read(ref _asked); Volatile.Read(ref _asked) < asked + 2;)
        {
            var before = Volatile.Read(ref _asked);
            _time.Advance(Interval);
            await Serving(() => Volatile.Read(ref _asked) > before);
        }
        Assert.Equal(2, _told.Count);
        Volatile.Write(ref _healthy, true);
        _time.Advance(Interval);
        await Serving(() => _told.Count == 3);
        Assert.Contains("\"healthy\":true", _told[2], StringComparison.Ordinal);
        await Serving(registration.DisposeAsync().AsTask());
        await registration.DisposeAsync();
    }

    [Fact]
    public async Task What_the_application_says_of_itself_and_its_health_do_not_take_each_other_back()
    {
        var registration = await Serving(RegisterAsync(await Connect()));
        Volatile.Write(ref _healthy, false);
        _time.Advance(Interval);
        await Serving(() => _told.Count == 1);
        await Serving(registration.UpdateAsync(Instance with { Weight = 2 })); // whose health is the default: good
        Assert.Contains("\"weight\":2", _told[1], StringComparison.Ordinal);
        Assert.Contains("\"healthy\":false", _told[1], StringComparison.Ordinal);
        Volatile.Write(ref _healthy, true);
        _time.Advance(Interval);
        await Serving(() => _told.Count == 3);
        Assert.Contains("\"weight\":2", _told[2], StringComparison.Ordinal);
        Assert.Contains("\"healthy\":true", _told[2], StringComparison.Ordinal);
        await Serving(registration.DisposeAsync().AsTask());
    }

    private Task<ServiceRegistration> RegisterAsync(ZabClient zab) =>
        new ZabServiceRegistry(zab, "/s", _time).RegisterAsync("orders", Instance, IsHealthyAsync, Interval);

    private Task<bool> IsHealthyAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _asked);
        return Task.FromResult(Volatile.Read(ref _healthy));
    }

    private async Task<T> Serving<T>(Task<T> waiting)
    {
        await Serving(() => waiting.IsCompleted);
        return await waiting;
    }

    private async Task Serving(Task waiting)
    {
        await Serving(() => waiting.IsCompleted);
        await waiting;
    }

    /// <summary>Answers until something is so; if so wished, the request that sets data is not answered.</summary>
    private Task Serving(Func<bool> until, bool answersSets = true) => AwaitConditionAsync(
        () =>
        {
            while (!until() && Session.HasMessages && Session.ReceiveOne(Patience) is ClientRequests requests)
            {
                foreach (var request in requests.Requests)
                {
                    if (request.Operation is SetData { Data: { } data }) _told.Add(Encoding.UTF8.GetString(data));
                    if (request.Operation is SetData && !answersSets) break;
                    Answer([request], Reply(request.Operation));
                }
            }
            return Task.FromResult(until());
        },
        Patience, TimeSpan.FromMilliseconds(5));

    private static Reply Reply(Request request) => request switch
    {
        Create create => new CreatedReply(create.Path, default(Stat) with { CreatedZxid = 5 }),
        Exists or SetData => new StatReply(default(Stat) with { CreatedZxid = 5 }),
        GetData => new DataReply([], default(Stat) with { CreatedZxid = 5 }),
        Sync sync => new SyncReply(sync.Path),
        _ => DoneReply.Instance,
    };
}
