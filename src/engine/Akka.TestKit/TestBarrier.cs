namespace Akka.TestKit;

/// <summary>Holds threads back until a number of them have come.</summary>
public class TestBarrier
{
    [Obsolete("The configuration's akka.test.default-timeout is what counts.")]
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    readonly TestKitBase _testKit;
    readonly TimeSpan _defaultTimeout;
    readonly Barrier _barrier;

    public TestBarrier(TestKitBase testKit, int count, TimeSpan? defaultTimeout = null)
    {
        _testKit = testKit;
        _defaultTimeout = defaultTimeout ?? testKit.TestKitSettings.DefaultTimeout;
        _barrier = new Barrier(count);
    }

    public void Await() => Await(_defaultTimeout);

    /// <exception cref="TimeoutException">The others did not come in time.</exception>
    public void Await(TimeSpan timeout)
    {
        if (!_barrier.SignalAndWait(_testKit.Dilated(timeout)))
            throw new TimeoutException($"Only {_barrier.ParticipantCount - _barrier.ParticipantsRemaining} of "
                + $"{_barrier.ParticipantCount} came to the barrier within {timeout}.");
    }

    /// <summary>Forgets those who came and wait for the rest.</summary>
    public void Reset()
    {
        var count = _barrier.ParticipantCount;
        _barrier.RemoveParticipants(count);
        _barrier.AddParticipants(count);
    }
}
