namespace Akka.TestKit;

/// <summary>Opens once it has been counted down to zero; waiting for it blocks the thread.</summary>
public class TestLatch
{
    [Obsolete("The configuration's akka.test.default-timeout is what counts.")]
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    readonly CountdownEvent _latch;
    readonly TimeSpan _defaultTimeout;
    readonly Func<TimeSpan, TimeSpan> _dilate;

    public TestLatch()
        : this(1)
    {
    }

    public TestLatch(int count)
        : this(count, TimeSpan.FromSeconds(5))
    {
    }

    public TestLatch(int count, TimeSpan defaultTimeout)
        : this(timeout => timeout, defaultTimeout, count)
    {
    }

    protected internal TestLatch(Func<TimeSpan, TimeSpan> dilate, TimeSpan defaultTimeout, int count)
    {
        _latch = new CountdownEvent(count);
        _defaultTimeout = defaultTimeout;
        _dilate = dilate;
    }

    public bool IsOpen => _latch.IsSet;

    public void CountDown() => _latch.Signal();

    public void Open()
    {
        while (_latch.CurrentCount is > 0 and var count) _latch.Signal(count);
    }

    public void Reset() => _latch.Reset();

    public void Ready() => Ready(_defaultTimeout);

    /// <exception cref="TimeoutException">The latch did not open in time.</exception>
    public void Ready(TimeSpan timeout)
    {
        if (timeout == TimeSpan.MaxValue) throw new ArgumentException("A latch cannot wait for ever.", nameof(timeout));
        if (!_latch.Wait(_dilate(timeout)))
            throw new TimeoutException(
                $"The latch did not open within {_dilate(timeout)}: {_latch.CurrentCount} to go.");
    }
}
