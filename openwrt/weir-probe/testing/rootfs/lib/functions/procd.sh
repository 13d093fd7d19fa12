# Stand-in for procd: one instance a service, kept running by a loop of the shell.
procd_open_service() {
	service="/var/run/procd/$1"
	mkdir -p "$service"
	: > "$service/next"
}

procd_open_instance() { :; }
procd_close_instance() { :; }

procd_set_param() {
	echo "$*" >> "$service/next"
	[ "$1" != file ] || md5sum < "$2" >> "$service/next"
}

procd_add_reload_trigger() { printf '%s\n' "$@" > "$service/triggers"; }

_param() { sed -n "s/^$1 //p" "$service/now"; }

_alive() { [ -f "$service/pid" ] && kill -0 "$(cat "$service/pid")" 2>/dev/null; }

_supervise() {
	# Until it is stopped, or started anew by another script.
	while [ "$(cat "$service/wanted")" = $$ ]; do
		# shellcheck disable=SC2046,SC2091 # it is the command
		$(_param command) >> /var/log/messages 2>&1 &
		echo $! > "$service/pid"
		wait $!
		grep -q '^respawn' "$service/now" || break
		sleep 0.1
	done
}

_stop() {
	rm -f "$service/wanted"
	! _alive || kill "$(cat "$service/pid")"
	while _alive; do sleep 0.1; done
	rm -f "$service/pid" "$service/now"
}

procd_close_service() {
	service_triggers
	if [ ! -s "$service/next" ]; then
		_stop
	elif ! _alive; then
		mv "$service/next" "$service/now"
		echo $$ > "$service/wanted"
		(exec < /dev/null > /dev/null 2>&1; _supervise) &
		while ! _alive; do sleep 0.1; done
	elif ! cmp -s "$service/next" "$service/now"; then
		mv "$service/next" "$service/now"
		kill "-$(_param reload_signal)" "$(cat "$service/pid")"
	fi
}

procd_kill() {
	service="/var/run/procd/$1"
	_stop
}
