# Stand-in: reading configuration, and what happens at installation and removal.
config() { CONFIG_SECTION="${2:-cfg$1}"; CONFIG_SECTIONS="$CONFIG_SECTIONS $1:$CONFIG_SECTION"; }
option() { eval "CONFIG_${CONFIG_SECTION}_$1=\"\$2\""; }
list() { :; }

config_load() {
	CONFIG_SECTIONS=
	. "/etc/config/$1"
}

config_foreach() {
	local section

	for section in $CONFIG_SECTIONS; do
		[ "${section%%:*}" != "$2" ] || "$1" "${section#*:}"
	done
}

config_get_bool() {
	eval "$1=\"\${CONFIG_${2}_$3:-$4}\""
}

default_postinst() {
	local package file

	package="$(basename "${1%.*}")"
	list="/usr/lib/opkg/info/$package.list"
	! grep -q '^/etc/sysctl.d/' "$list" || /etc/init.d/sysctl restart
	for file in $(grep '^/etc/uci-defaults/' "$list"); do
		( . "$file" ) && rm -f "$file"
	done
	[ ! -f "/usr/lib/opkg/info/$package.postinst-pkg" ] || ( . "/usr/lib/opkg/info/$package.postinst-pkg" )
	for file in $(grep '^/etc/init.d/' "$list"); do
		"$file" enable
		"$file" start
	done
}

default_prerm() {
	local file

	for file in $(grep '^/etc/init.d/' "/usr/lib/opkg/info/$(basename "${1%.*}").list"); do
		"$file" disable
		"$file" stop
	done
}
