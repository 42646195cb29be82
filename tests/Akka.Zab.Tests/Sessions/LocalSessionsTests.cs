using Akka.Zab.Sessions;

namespace Akka.Zab.Tests.Sessions;

public class LocalSessionsTests
{
    private readonly LocalSessions _sessions = new(1000);
    private readonly List<long> _expired = [];

    [Fact]
    public void One_that_is_not_heard_from_in_its_time_is_gone()
    {
        _sessions.Keep(1, new LocalSession([1], 3000), 0);
        _sessions.Keep(2, new LocalSession([2], 3000), 0);
        Assert.True(_sessions.Touch(2, 2000));
        _sessions.Expire(3000, _expired);
        Assert.Empty(_expired);
        _sessions.Expire(4000, _expired);
        Assert.Equal([1], _expired);
        Assert.False(_sessions.TryFind(1, out _));
        Assert.False(_sessions.Touch(1, 4000));
        Assert.True(_sessions.TryFind(2, out var second));
        Assert.True(second!.IsSecret([2]));
        Assert.Equal(1, _sessions.Count);
    }

    [Fact]
    public void One_that_is_removed_never_expires()
    {
        _sessions.Keep(1, new LocalSession([1], 3000), 0);
        _sessions.Remove(1);
        _sessions.Remove(2);
        _sessions.Expire(100_000, _expired);
        Assert.Empty(_expired);
        Assert.Equal(0, _sessions.Count);
    }

    [Fact]
    public void All_have_their_full_time_again_when_the_server_serves_again()
    {
        _sessions.Keep(1, new LocalSession([1], 3000), 0);
        _sessions.Renew(100_000);
        _sessions.Expire(103_000, _expired);
        Assert.Empty(_expired);
        _sessions.Expire(104_000, _expired);
        Assert.Equal([1], _expired);
    }

    [Fact]
    public void Another_timeout_takes_the_place_of_the_one_before()
    {
        _sessions.Keep(1, new LocalSession([1], 3000), 0);
        _sessions.Keep(1, new LocalSession([1], 9000), 0);
        Assert.Equal([(10_000L, 1)], _sessions.Buckets().Select(bucket => (bucket.Due, bucket.Sessions.Length)));
    }
}
